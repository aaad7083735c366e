package io.ipcboot.docs.reference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * A file of the tests, or a tagged region of it, that a page shows. The page names it in
 * a comment above a block, which no reader sees:
 *
 * <pre>
 * // sample: src/test/java/io/ipcboot/docs/guide/sending/Prices.java[tag=call]
 * [source,java]
 * ----
 * ...
 * ----
 * </pre>
 *
 * @param file the path of the file in this module
 * @param tag the name of the region, or {@code null} for the whole file
 */
record Sample(String file, @Nullable String tag) {

	private static final Pattern MARKER = Pattern.compile("// sample: ([^\\[\\]]+)\\[(?:tag=([\\w-]+))?]");

	private static final Pattern TAG = Pattern.compile("(tag|end)::([\\w-]+)\\[]");

	private static final String FILTERED = "src/test/filtered/";

	private static final String TAB = " ".repeat(4);

	/**
	 * Return the sample that a line of a page names.
	 * @param line the line
	 * @return the sample, or {@code null} if the line names none
	 */
	static @Nullable Sample namedBy(String line) {
		if (!line.startsWith("// sample")) {
			return null;
		}
		Matcher marker = MARKER.matcher(line);
		if (!marker.matches()) {
			throw new IllegalArgumentException("Write \"// sample: <file>[tag=<name>]\" instead of: " + line);
		}
		return new Sample(marker.group(1), marker.group(2));
	}

	/**
	 * Return the tagged regions of a file.
	 * @param file the path of the file in this module
	 * @return the regions
	 * @throws IOException if the file cannot be read
	 */
	static List<Sample> taggedIn(Path file) throws IOException {
		return Files.readAllLines(file)
			.stream()
			.map(TAG::matcher)
			.filter((tag) -> tag.find() && tag.group(1).equals("tag"))
			.map((tag) -> new Sample(file.toString(), tag.group(2)))
			.distinct()
			.toList();
	}

	/**
	 * Return the code as a page shows it: without tags, tabs and the indentation that all
	 * lines have.
	 * @return the lines
	 * @throws IOException if there is no such file
	 */
	List<String> lines() throws IOException {
		List<String> lines = new ArrayList<>();
		boolean inside = (this.tag == null);
		boolean found = inside;
		for (String line : Files.readAllLines(source())) {
			Matcher border = TAG.matcher(line);
			if (!border.find()) {
				if (inside) {
					lines.add(line.replace("\t", TAB).stripTrailing());
				}
			}
			else if (border.group(2).equals(this.tag)) {
				inside = border.group(1).equals("tag");
				found = true;
			}
		}
		if (!found) {
			throw new IllegalArgumentException("There is no " + this);
		}
		return withoutIndentation(lines);
	}

	/** The build replaces placeholders in some files. */
	private Path source() {
		return this.file.startsWith(FILTERED) ? Path.of("target/test-classes", this.file.substring(FILTERED.length()))
				: Path.of(this.file);
	}

	private static List<String> withoutIndentation(List<String> lines) {
		int indentation = lines.stream()
			.filter((line) -> !line.isEmpty())
			.mapToInt((line) -> line.length() - line.stripLeading().length())
			.min()
			.orElse(0);
		return lines.stream().map((line) -> line.isEmpty() ? line : line.substring(indentation)).toList();
	}

	@Override
	public String toString() {
		return this.file + "[" + ((this.tag != null) ? "tag=" + this.tag : "") + "]";
	}

}
