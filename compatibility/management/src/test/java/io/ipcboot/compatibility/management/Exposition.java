package io.ipcboot.compatibility.management;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The answer to a scrape, as a strict reader understands it: all rows of a metric follow
 * its type, which occurs once, and no row occurs twice.
 *
 * @param families the names of the metrics
 * @param rows the rows
 */
record Exposition(Set<String> families, List<Row> rows) {

	private static final Pattern TYPE = Pattern.compile("# TYPE ([a-zA-Z_:][\\w:]*) \\w+");

	private static final Pattern ROW = Pattern
		.compile("([a-zA-Z_:][\\w:]*)(\\{(?:[a-zA-Z_]\\w*=\"(?:[^\"\\\\]|\\\\.)*\",?)*})? (\\S+)(?: .*)?");

	private static final Pattern SLOT = Pattern.compile("[{,]ipc_pool=\"default\",ipc_slot=\"(\\d+)\"");

	static Exposition parse(String text) {
		Set<String> families = new LinkedHashSet<>();
		List<Row> rows = new ArrayList<>();
		Set<String> series = new LinkedHashSet<>();
		String family = "";
		for (String line : text.lines().toList()) {
			Matcher type = TYPE.matcher(line);
			if (type.matches()) {
				family = type.group(1);
				assertThat(families.add(family)).as("first " + line).isTrue();
			}
			else if (!line.startsWith("#")) {
				Matcher row = ROW.matcher(line);
				assertThat(row.matches()).as(line).isTrue();
				assertThat(row.group(1)).as(line).startsWith(family);
				assertThat(series.add(row.group(1) + row.group(2))).as("first " + line).isTrue();
				Matcher slot = SLOT.matcher(line);
				rows.add(new Row(row.group(1), slot.find() ? slot.group(1) : "none",
						Double.parseDouble(row.group(3).replace("Inf", "Infinity"))));
			}
		}
		return new Exposition(families, rows);
	}

	/** Return the slots of the processes that have a metric. */
	List<String> slots(String name) {
		return this.rows.stream().filter((row) -> row.name().equals(name)).map(Row::slot).toList();
	}

	/** Return how long a process runs, by its own account. */
	double uptime(String slot) {
		return this.rows.stream()
			.filter((row) -> row.name().equals("process_uptime_seconds") && row.slot().equals(slot))
			.mapToDouble(Row::value)
			.findAny()
			.orElseThrow(() -> new AssertionError("There is no uptime of " + slot));
	}

	/**
	 * A row.
	 *
	 * @param name its name
	 * @param slot the slot of its process
	 * @param value its value
	 */
	record Row(String name, String slot, double value) {

	}

}
