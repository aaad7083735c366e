package io.ipcboot.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever a process leaves in its directory is removed, and nothing else.
 */
@Tag("process")
@Timeout(120)
class DirectoryTreeTests {

	/** The rights by which root ignores the permissions of files. */
	private static final String OVERRIDE = "-dac_override,-dac_read_search";

	@TempDir
	private Path directory;

	/** The path of the innermost directory is longer than any that the system takes. */
	@ParameterizedTest
	@CsvSource({ "50, 100", "2100, 1" })
	void aTreeMayBeDeeperThanAnyPathIsLong(int levels, int length) throws IOException {
		Path tree = this.directory.resolve("tree");
		LeftTree.deep(tree, levels, "d".repeat(length));
		assertThat(DirectoryTree.remove(tree)).isTrue();
		assertThat(this.directory).isEmptyDirectory();
	}

	@Test
	void theDepthOfATreeTakesNoDescriptors() throws Exception {
		Path tree = this.directory.resolve("tree");
		LeftTree.deep(tree, 500, "d");
		assertThat(removeInJvm(List.of("prlimit", "--nofile=200"), tree.toString())).isEqualTo("removed");
		assertThat(this.directory).isEmptyDirectory();
	}

	@Test
	void aWideTreeIsRemovedToo() throws IOException {
		Path tree = this.directory.resolve("tree");
		for (int i = 0; i < 10; i++) {
			for (int j = 0; j < 10; j++) {
				Path deepest = Files.createDirectories(tree.resolve(i + "/" + j + "/same/name/everywhere"));
				Files.writeString(deepest.resolve("file"), "x");
			}
		}
		assertThat(DirectoryTree.remove(tree)).isTrue();
		assertThat(this.directory).isEmptyDirectory();
	}

	@Test
	void directoriesThatNobodyMayUseAreRemoved() throws Exception {
		List<String> prefix = new ArrayList<>();
		if (Files.getOwner(this.directory).getName().equals("root")) {
			prefix.addAll(List.of("setpriv", "--bounding-set=" + OVERRIDE, "--inh-caps=" + OVERRIDE));
			Assumptions.assumeTrue(run(List.of("setpriv", "--bounding-set=" + OVERRIDE, "true")).isEmpty(),
					"rights can be given up");
		}
		Path tree = Files.createDirectory(this.directory.resolve("tree"));
		assertThat(removeInJvm(prefix, tree.toString(), "forbid")).isEqualTo("removed");
		assertThat(this.directory).isEmptyDirectory();
	}

	@Test
	void noLinkIsFollowed() throws IOException {
		Path outside = Files.createDirectory(this.directory.resolve("outside"));
		Path file = Files.writeString(Files.createDirectory(outside.resolve("inner")).resolve("file"), "kept");
		Path tree = Files.createDirectory(this.directory.resolve("tree"));
		Path inner = Files.createDirectories(tree.resolve("a/b/c"));
		for (Path place : List.of(tree, tree.resolve("a"), inner)) {
			Files.createSymbolicLink(place.resolve("link"), outside);
			Files.createSymbolicLink(place.resolve("link-to-file"), file);
			Files.createSymbolicLink(place.resolve("link-up"), this.directory);
		}
		assertThat(DirectoryTree.remove(tree)).isTrue();
		assertThat(file).hasContent("kept");
		assertThat(this.directory).isDirectoryNotContaining((left) -> !left.equals(outside));
	}

	@Test
	void ifTheDirectoryItselfWasReplacedByALinkOnlyTheLinkIsRemoved() throws IOException {
		Path outside = Files.createDirectory(this.directory.resolve("outside"));
		Path file = Files.writeString(outside.resolve("file"), "kept");
		Path tree = Files.createSymbolicLink(this.directory.resolve("tree"), outside);
		assertThat(DirectoryTree.remove(tree)).isTrue();
		assertThat(file).hasContent("kept");
		assertThat(tree).doesNotExist();
	}

	@Test
	void aDirectoryThatIsGoneIsRemoved() {
		assertThat(DirectoryTree.remove(this.directory.resolve("missing"))).isTrue();
	}

	private static String removeInJvm(List<String> prefix, String... arguments) throws Exception {
		List<String> command = new ArrayList<>(prefix);
		command.addAll(List.of(System.getProperty("java.home") + "/bin/java", "-XX:TieredStopAtLevel=1", "-cp",
				System.getProperty("java.class.path"), LeftTree.class.getName()));
		command.addAll(List.of(arguments));
		return run(command);
	}

	private static String run(List<String> command) throws Exception {
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
		return output.strip();
	}

}
