package io.ipcboot.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.net.URL;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.bind.Name;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/**
 * The properties under {@code ipc}, as the records of this package and the additional
 * metadata of all jars define them.
 */
final class KnownProperties {

	static final String PREFIX = "ipc";

	private static final String METADATA = "META-INF/additional-spring-configuration-metadata.json";

	/** The part of a name that stands for any name. */
	private static final String ANY = "*";

	/** How many letters may differ in a name that is suggested. */
	private static final int MAX_DISTANCE = 4;

	private final Node root = new Node();

	private KnownProperties() {
	}

	static KnownProperties load(ClassLoader classLoader) {
		KnownProperties known = new KnownProperties();
		known.root.addAll(IpcProperties.class);
		known.root.child("server").addAll(IpcServerProperties.class);
		// values of the parent, which a worker gets over its channel
		known.root.child(WorkerProperties.PARENT_PREFIX.split("\\.")[1]).anything = true;
		try {
			for (URL metadata : Collections.list(classLoader.getResources(METADATA))) {
				try (InputStream json = metadata.openStream()) {
					known.add(JsonMapper.shared().readTree(json));
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return known;
	}

	private void add(JsonNode metadata) {
		for (JsonNode property : metadata.path("properties")) {
			String name = property.path("name").asString("");
			if (name.startsWith(PREFIX + ".")) {
				Node node = this.root;
				for (String element : name.substring(PREFIX.length() + 1).split("\\.")) {
					node = node.child(element);
				}
				node.anything = node.anything || property.path("type").asString("").startsWith("java.util.");
			}
		}
	}

	/**
	 * Return whether a property exists.
	 * @param name a name under the prefix
	 */
	boolean contains(ConfigurationPropertyName name) {
		return unknownElement(name) < 0;
	}

	/**
	 * Return whether a variable stands for a property. What separates the parts of its
	 * name does not count, as it is ambiguous.
	 * @param name a name that begins with the prefix
	 */
	boolean containsVariable(String name) {
		return this.root.matches(uniform(name.substring(PREFIX.length())));
	}

	/**
	 * Return the property whose name is the nearest to that of one that does not exist.
	 */
	Optional<String> nearest(ConfigurationPropertyName name) {
		int wrong = unknownElement(name);
		Node parent = this.root;
		for (int i = 1; i < wrong; i++) {
			Node next = parent.next(name.getElement(i, Form.UNIFORM));
			if (next == null) {
				return Optional.empty();
			}
			parent = next;
		}
		List<String> known = parent.children.values()
			.stream()
			.flatMap((child) -> Stream.ofNullable(child.name))
			.toList();
		return nearest(name.getElement(wrong, Form.UNIFORM), known)
			.map((meant) -> name.chop(wrong).append(meant).toString());
	}

	/**
	 * Return the name that is the most similar to a wrong one, if there is a similar one.
	 */
	static Optional<String> nearest(String wrong, Collection<String> names) {
		String given = uniform(wrong);
		return names.stream()
			.min(Comparator.comparingInt((known) -> distance(uniform(known), given)))
			.filter((known) -> distance(uniform(known), given) <= Math.min(MAX_DISTANCE, 1 + given.length() / 2));
	}

	/** Return the position of the first element that is wrong, -1 if none is. */
	private int unknownElement(ConfigurationPropertyName name) {
		Node node = this.root;
		for (int i = 1; i < name.getNumberOfElements(); i++) {
			if (node.anything) {
				return -1;
			}
			node = node.next(name.getElement(i, Form.UNIFORM));
			if (node == null) {
				return i;
			}
		}
		return -1;
	}

	static String uniform(String name) {
		return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
	}

	/** The number of letters to insert, remove, replace or swap; Damerau, 1964. */
	static int distance(String from, String to) {
		int[][] distances = new int[from.length() + 1][to.length() + 1];
		for (int i = 0; i <= from.length(); i++) {
			for (int j = 0; j <= to.length(); j++) {
				if (i == 0 || j == 0) {
					distances[i][j] = i + j;
					continue;
				}
				int replaced = distances[i - 1][j - 1] + ((from.charAt(i - 1) == to.charAt(j - 1)) ? 0 : 1);
				int least = Math.min(replaced, 1 + Math.min(distances[i - 1][j], distances[i][j - 1]));
				if (i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2)
						&& from.charAt(i - 2) == to.charAt(j - 1)) {
					least = Math.min(least, distances[i - 2][j - 2] + 1);
				}
				distances[i][j] = least;
			}
		}
		return distances[from.length()][to.length()];
	}

	/** A part of a name. */
	private static final class Node {

		private final Map<String, Node> children = new TreeMap<>();

		private @Nullable String name;

		/** Whether any name may follow, as in a map or a list. */
		private boolean anything;

		Node child(String element) {
			Node child = this.children.computeIfAbsent(element.equals(ANY) ? ANY : uniform(element),
					(key) -> new Node());
			child.name = element.equals(ANY) ? null : element;
			return child;
		}

		@Nullable Node next(String element) {
			Node child = this.children.get(element);
			return (child != null) ? child : this.children.get(ANY);
		}

		/** Add the parameters of a record, as constructor binding finds them. */
		void addAll(Class<?> type) {
			Parameter[] parameters = type.getDeclaredConstructors()[0].getParameters();
			RecordComponent[] components = type.getRecordComponents();
			for (int i = 0; i < components.length; i++) {
				Name given = parameters[i].getAnnotation(Name.class);
				String own = (given != null) ? given.value()
						: DataObjectPropertyName.toDashedForm(components[i].getName());
				// the constructor has no generic types if a newer compiler has marked its
				// parameters as implicit
				child(own).describe(ResolvableType.forType(components[i].getGenericType()));
			}
		}

		private void describe(ResolvableType type) {
			Class<?> raw = type.toClass();
			if (Map.class.isAssignableFrom(raw) && type.asMap().getGeneric(1).toClass().isRecord()) {
				child(ANY).addAll(type.asMap().getGeneric(1).toClass());
			}
			else if (raw.isRecord() && ClassUtils.getPackageName(raw).equals(getClass().getPackageName())) {
				addAll(raw);
			}
			else {
				this.anything = Map.class.isAssignableFrom(raw) || Collection.class.isAssignableFrom(raw);
			}
		}

		/** Return whether the rest of the name of a variable leads to a property. */
		boolean matches(String rest) {
			if (rest.isEmpty() || this.anything) {
				return true;
			}
			Node any = this.children.get(ANY);
			return this.children.entrySet()
				.stream()
				.anyMatch((entry) -> rest.startsWith(entry.getKey())
						&& entry.getValue().matches(rest.substring(entry.getKey().length())))
					|| (any != null && any.children.keySet()
						.stream()
						.anyMatch((key) -> rest.indexOf(key) > 0 && any.matches(rest.substring(rest.indexOf(key)))));
		}

	}

}
