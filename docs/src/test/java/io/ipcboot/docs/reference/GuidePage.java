package io.ipcboot.docs.reference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The source of a page, so that tests can compare its tables with the code.
 */
public final class GuidePage {

	private final List<String> lines;

	private GuidePage(List<String> lines) {
		this.lines = lines;
	}

	/**
	 * Read a page.
	 * @param name the name of the file
	 * @return the page
	 * @throws IOException if there is no such page
	 */
	public static GuidePage read(String name) throws IOException {
		return new GuidePage(Files.readAllLines(Path.of("src/main/asciidoc", name)));
	}

	/**
	 * Return the rows of a table, without its header row.
	 * @param id the table's id
	 * @return the cells of each row, without backticks and spaces around them
	 */
	public List<List<String>> table(String id) {
		int start = indexOf("[#" + id, 0);
		int first = indexOf("|===", start) + 1;
		int end = indexOf("|===", first);
		List<List<String>> rows = new ArrayList<>();
		for (String line : this.lines.subList(first, end)) {
			if (line.startsWith("|")) {
				rows.add(Stream.of(line.substring(1).split(" \\|", -1)).map(GuidePage::plain).toList());
			}
		}
		return rows.subList(1, rows.size());
	}

	/**
	 * Return the first two columns of a table.
	 * @param id the table's id
	 * @return the second cell of each row by the first
	 */
	public Map<String, String> pairs(String id) {
		Map<String, String> pairs = new LinkedHashMap<>();
		table(id).forEach((row) -> pairs.put(row.get(0), row.get(1)));
		return pairs;
	}

	/**
	 * Return the value of an attribute that the page sets.
	 * @param name the attribute
	 * @return the value
	 */
	public String attribute(String name) {
		String prefix = ":" + name + ":";
		return this.lines.get(indexOf(prefix, 0)).substring(prefix.length()).trim();
	}

	private int indexOf(String prefix, int from) {
		for (int i = from; i < this.lines.size(); i++) {
			if (this.lines.get(i).startsWith(prefix)) {
				return i;
			}
		}
		throw new IllegalArgumentException("No line starts with " + prefix);
	}

	private static String plain(String cell) {
		return cell.replace("`", "").trim();
	}

}
