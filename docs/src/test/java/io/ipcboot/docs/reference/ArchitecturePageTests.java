package io.ipcboot.docs.reference;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.ipcboot.ChildProcessTemplate;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares the packages and class names of the page "Architecture", and of its picture,
 * with the code. A type of another library has to be written with its package.
 */
class ArchitecturePageTests {

	private static final Path PAGE = Path.of("src/main/asciidoc/architecture.adoc");

	private static final Path PICTURE = Path.of("src/main/theme/architecture.svg");

	private static final Pattern MONOSPACED = Pattern.compile("`([^`]+)`");

	private static final Pattern TYPE = Pattern
		.compile("(?<![\\w.])((?:[a-z]\\w*\\.)*)([A-Z]\\w*[a-z]\\w*(?:\\.[A-Z]\\w*[a-z]\\w*)*)");

	private static final Pattern PICTURED = Pattern.compile("class=\"[^\"]*\\bipc-n\\b[^\"]*\"[^>]*>([^<]+)<");

	private static final Pattern DEPENDENCY = Pattern.compile("(?m)^ +(io\\.ipcboot\\S*) +-> +(io\\.ipcboot\\S*) ");

	private final List<List<String>> packages = GuidePage.read("architecture.adoc").table("package-table");

	/** The package of each type, by the type's name, such as Outer.Inner. */
	private final Map<String, String> types = new HashMap<>();

	ArchitecturePageTests() throws IOException, URISyntaxException {
		Path library = library();
		if (Files.isDirectory(library)) {
			collect(library);
		}
		else {
			try (FileSystem archive = FileSystems.newFileSystem(library)) {
				collect(archive.getPath("/"));
			}
		}
	}

	private static Path library() throws URISyntaxException {
		return Path.of(ChildProcessTemplate.class.getProtectionDomain().getCodeSource().getLocation().toURI());
	}

	private void collect(Path root) throws IOException {
		try (Stream<Path> files = Files.walk(root)) {
			files.map((file) -> root.relativize(file).toString())
				.filter((file) -> file.startsWith("io/ipcboot/") && file.endsWith(".class"))
				.filter((file) -> !file.endsWith("package-info.class"))
				.forEach((file) -> {
					int slash = file.lastIndexOf('/');
					String type = file.substring(slash + 1, file.length() - ".class".length()).replace('$', '.');
					this.types.put(type, file.substring(0, slash).replace('/', '.'));
				});
		}
	}

	@Test
	void everyTypeExists() throws IOException {
		assertThat(typesIn(Files.readString(PAGE), MONOSPACED)).hasSizeGreaterThan(50)
			.filteredOn((type) -> !exists(type))
			.isEmpty();
	}

	@Test
	void everyTypeInThePictureExists() throws IOException {
		assertThat(typesIn(Files.readString(PICTURE), PICTURED)).hasSizeGreaterThan(10)
			.filteredOn((type) -> !exists(type))
			.isEmpty();
	}

	private static Set<String> typesIn(String text, Pattern span) {
		return span.matcher(text)
			.results()
			.flatMap((found) -> TYPE.matcher(found.group(1)).results())
			.map(MatchResult::group)
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private boolean exists(String type) {
		try {
			return this.types.containsKey(type)
					|| (type.matches("[a-z].*") && Class.forName(type, false, getClass().getClassLoader()) != null);
		}
		catch (ClassNotFoundException ex) {
			return false;
		}
	}

	@Test
	void everyTypeIsInItsPackage() {
		assertThat(this.packages).allSatisfy((row) -> assertThat(row.get(2).split(", ")).hasSizeGreaterThan(1)
			.filteredOn((type) -> !row.get(0).equals(this.types.get(type)))
			.as(row.get(0))
			.isEmpty());
	}

	@Test
	void thePackagesAreThoseOfTheLibrary() {
		assertThat(this.packages).extracting((row) -> row.get(0))
			.containsExactlyInAnyOrderElementsOf(Set.copyOf(this.types.values()));
	}

	@Test
	void lowerPackagesComeFirst() throws URISyntaxException {
		List<String> order = this.packages.stream().map((row) -> row.get(0)).toList();
		StringWriter output = new StringWriter();
		ToolProvider.findFirst("jdeps")
			.orElseThrow()
			.run(new PrintWriter(output, true), new PrintWriter(output, true), "-verbose:package",
					library().toString());
		assertThat(DEPENDENCY.matcher(output.toString()).results()).hasSizeGreaterThan(order.size())
			.allSatisfy((dependency) -> assertThat(order.indexOf(dependency.group(2))).as(dependency.group())
				.isLessThan(order.indexOf(dependency.group(1))));
	}

}
