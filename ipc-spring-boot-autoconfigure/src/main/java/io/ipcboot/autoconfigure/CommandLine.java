package io.ipcboot.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Binder;

/**
 * A property that is a command line if it is a text, and whose elements are arguments if
 * it is a list. Arguments are separated as a shell does it: at white space that is not
 * quoted, with {@code \} before a character that loses its meaning. Nothing is replaced.
 */
final class CommandLine {

	private CommandLine() {
	}

	/**
	 * Return the arguments of a property. Spring Boot binds a text and a list of one
	 * element to the same list, so the environment has to tell which one it was.
	 * @param bound the list to which the property was bound, with a text as a whole
	 * @throws IllegalArgumentException as {@link #parse}
	 */
	static List<String> arguments(@Nullable List<String> bound, Binder environment, String property) {
		if (bound == null || bound.size() != 1) {
			return (bound != null) ? bound : List.of();
		}
		String only = bound.get(0);
		boolean text = environment.bind(property, String.class)
			.map((value) -> value.strip().equals(only.strip()))
			.orElse(false);
		return text ? parse(only) : bound;
	}

	/**
	 * Return the arguments of a command line.
	 * @throws IllegalArgumentException if a quote is not closed, or the arguments are
	 * separated by commas
	 */
	static List<String> parse(String line) {
		List<String> arguments = new ArrayList<>();
		StringBuilder argument = new StringBuilder();
		boolean begun = false;
		char quote = 0;
		for (int i = 0; i < line.length(); i++) {
			char character = line.charAt(i);
			if (character == '\\' && quote != '\'') {
				i++;
				require(i < line.length(), "ends with a \\ that has nothing to quote", line);
				// as in a shell, other characters keep the sign inside quotes
				if (quote == '"' && "\"\\".indexOf(line.charAt(i)) < 0) {
					argument.append('\\');
				}
				argument.append(line.charAt(i));
				begun = true;
			}
			else if (quote != 0) {
				if (character == quote) {
					quote = 0;
				}
				else {
					argument.append(character);
				}
			}
			else if (character == '"' || character == '\'') {
				quote = character;
				begun = true;
			}
			else if (Character.isWhitespace(character)) {
				if (begun) {
					arguments.add(argument.toString());
				}
				argument.setLength(0);
				begun = false;
			}
			else {
				require(!separates(line, i), "separates arguments by commas", line);
				argument.append(character);
				begun = true;
			}
		}
		require(quote == 0, "has a " + quote + " without an end", line);
		if (begun) {
			arguments.add(argument.toString());
		}
		return arguments;
	}

	/**
	 * Return whether a comma stands where a list of flags has one. A comma inside of an
	 * argument, as in {@code -agentlib:jdwp=a,b}, separates nothing.
	 */
	private static boolean separates(String line, int index) {
		if (line.charAt(index) != ',') {
			return false;
		}
		String rest = line.substring(index + 1);
		return rest.isEmpty() || Character.isWhitespace(rest.charAt(0)) || rest.matches("(?s)--?[A-Za-z].*");
	}

	private static void require(boolean valid, String problem, String line) {
		if (!valid) {
			throw new IllegalArgumentException(
					("The command line '%s' %s. Separate arguments by spaces, quote an argument that contains one, "
							+ "or write them as a YAML list")
						.formatted(line, problem));
		}
	}

}
