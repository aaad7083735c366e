package io.ipcboot.autoconfigure;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when there are properties under {@code ipc} that do not exist.
 */
class UnknownPropertyException extends IllegalArgumentException {

	private final List<Unknown> properties;

	UnknownPropertyException(List<Unknown> properties) {
		super(properties.stream().map(Unknown::describe).collect(Collectors.joining("\n")));
		this.properties = List.copyOf(properties);
	}

	/** Return the names that were probably meant. */
	List<String> nearest() {
		return this.properties.stream().map(Unknown::nearest).filter(Objects::nonNull).distinct().toList();
	}

	/**
	 * A property that does not exist. Its value may be a secret.
	 *
	 * @param name its name
	 * @param origin where it is set, if that is known
	 * @param nearest the most similar name of a property that exists, if there is one
	 */
	record Unknown(String name, @Nullable String origin, @Nullable String nearest) {

		String describe() {
			return "There is no property '%s'%s%s".formatted(this.name,
					(this.origin != null) ? ", which is set in " + this.origin : "",
					(this.nearest != null) ? "; did you mean '" + this.nearest + "'?" : "");
		}

	}

}
