package io.ipcboot.autoconfigure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;

import io.ipcboot.channel.PeerId;
import org.jspecify.annotations.Nullable;

import org.springframework.core.env.Environment;

/**
 * Settings that are different in a worker, because a worker is one of several processes
 * of one application. A general setting of the application does not change them, only one
 * that is {@linkplain WorkerSources meant for workers}.
 */
final class WorkerSettings {

	static final String POOL_TAG = "management.metrics.tags.ipc.pool";

	static final String SLOT_TAG = "management.metrics.tags.ipc.slot";

	static final String INSTANCE = "management.opentelemetry.resource-attributes.service.instance.id";

	static final Switch RUNNERS = new Switch("ipc.worker.runners");

	static final Switch SCHEDULING = new Switch("ipc.worker.scheduling");

	static final Switch CONSUMERS = new Switch("ipc.worker.consumers");

	static final Switch MIGRATIONS = new Switch("ipc.worker.migrations");

	/** In workers whatever the application says, and also if it says nothing. */
	static final Map<String, String> FIXED = fixed();

	/** In workers where the application says something else. */
	static final Map<String, UnaryOperator<String>> CORRECTED = corrected();

	/** Corrected also in a worker whose relational databases are its own. */
	private static final Set<String> NOT_RELATIONAL = Set.of("spring.cassandra.schema-action",
			"spring.ldap.embedded.port");

	/** In workers that do not serve HTTP: their web server is not started. */
	static final Map<String, String> NOT_SERVING = Map.of("server.tomcat.accesslog.enabled", "false",
			"server.jetty.accesslog.enabled", "false");

	private WorkerSettings() {
	}

	private static Map<String, String> fixed() {
		Map<String, String> settings = new LinkedHashMap<>();
		settings.put("spring.main.keep-alive", "true");
		settings.put("spring.main.banner-mode", "off");
		settings.put("spring.main.log-startup-info", "false");
		settings.put("spring.jmx.enabled", "false");
		settings.put("spring.application.admin.enabled", "false");
		settings.put("spring.devtools.restart.enabled", "false");
		settings.put("spring.devtools.livereload.enabled", "false");
		settings.put("spring.docker.compose.enabled", "false");
		settings.put("spring.batch.job.enabled", "false");
		settings.put("spring.quartz.auto-startup", "false");
		settings.put("spring.kafka.listener.auto-startup", "false");
		settings.put("spring.kafka.streams.auto-startup", "false");
		settings.put("spring.rabbitmq.listener.simple.auto-startup", "false");
		settings.put("spring.rabbitmq.listener.direct.auto-startup", "false");
		settings.put("spring.jms.listener.auto-startup", "false");
		settings.put("spring.data.redis.listener.auto-startup", "false");
		settings.put("spring.cloud.service-registry.auto-registration.enabled", "false");
		settings.put("management.prometheus.metrics.export.pushgateway.enabled", "false");
		settings.put("server.servlet.session.persistent", "false");
		return settings;
	}

	/**
	 * Without a setting, Spring Boot creates the schema of an in-memory database only.
	 */
	private static Map<String, UnaryOperator<String>> corrected() {
		Map<String, UnaryOperator<String>> settings = new LinkedHashMap<>();
		for (String module : List.of("sql.init.mode", "batch.jdbc.initialize-schema",
				"integration.jdbc.initialize-schema", "quartz.jdbc.initialize-schema",
				"session.jdbc.initialize-schema")) {
			settings.put("spring." + module, (value) -> value.equalsIgnoreCase("always") ? "embedded" : value);
		}
		settings.put("spring.jpa.generate-ddl", (value) -> "false");
		for (String name : List.of("spring.jpa.hibernate.ddl-auto", "spring.jpa.properties.hibernate.hbm2ddl.auto",
				"spring.jpa.properties.jakarta.persistence.schema-generation.database.action",
				"spring.jpa.properties.javax.persistence.schema-generation.database.action",
				"spring.cassandra.schema-action")) {
			settings.put(name, (value) -> "none");
		}
		settings.put("spring.ldap.embedded.port", (value) -> "0");
		return settings;
	}

	/**
	 * Return whether a setting is for the parent alone, so that a worker does not take it
	 * over.
	 * @param property the name of the property
	 */
	static boolean isOfParentAlone(String property) {
		return FIXED.containsKey(property) || CORRECTED.containsKey(property);
	}

	/**
	 * Determine the settings of a worker.
	 * @param environment all that the application says
	 * @param workers what it says for workers
	 * @param serving whether the worker serves HTTP
	 * @return the settings
	 */
	static Decision decide(Environment environment, WorkerSources workers, boolean serving) {
		Map<String, String> fixed = new LinkedHashMap<>(FIXED);
		if (!serving) {
			fixed.putAll(NOT_SERVING);
		}
		Decision decision = new Decision(new LinkedHashMap<>(), new ArrayList<>());
		fixed.forEach((name, value) -> decision.add(name, environment.getProperty(name), workers.get(name), value));
		boolean ownDatabases = Databases.areOfThisWorker(environment);
		CORRECTED.forEach((name, correction) -> {
			String general = environment.getProperty(name);
			if (general != null && (!ownDatabases || NOT_RELATIONAL.contains(name))) {
				decision.add(name, general, workers.get(name), correction.apply(general));
			}
		});
		return decision;
	}

	/**
	 * Determine how a worker is told apart from the other processes of the application by
	 * those that get its meters and spans from itself.
	 * @param worker the worker
	 * @param environment all that the application says
	 * @param workers what it says for workers
	 * @return the settings; none without a pool
	 */
	static Map<String, String> identity(PeerId worker, Environment environment, WorkerSources workers) {
		if (worker.pool() == null) {
			return Map.of();
		}
		String slot = (worker.slot() >= 0) ? Integer.toString(worker.slot()) : "spare";
		String application = environment.getProperty(INSTANCE);
		// several spares of a pool send at the same time
		String instance = worker.pool() + "/" + ((worker.slot() >= 0) ? slot : slot + "-" + worker.pid());
		Map<String, String> identity = new LinkedHashMap<>();
		identity.put(POOL_TAG, worker.pool());
		identity.put(SLOT_TAG, slot);
		identity.put(INSTANCE, (application != null) ? application + "/" + instance : instance);
		identity.replaceAll((name, value) -> Objects.requireNonNullElse(workers.get(name), value));
		return identity;
	}

	/**
	 * The settings of one worker.
	 *
	 * @param values the settings
	 * @param overridden general settings of the application that do not count, as
	 * {@code name=value}
	 */
	record Decision(Map<String, String> values, List<String> overridden) {

		private static final Set<String> UNINTERESTING = Set.of("spring.main.keep-alive", "spring.main.banner-mode",
				"spring.main.log-startup-info");

		private void add(String name, @Nullable String general, @Nullable String forWorkers, String value) {
			this.values.put(name, (forWorkers != null) ? forWorkers : value);
			boolean counts = general == null || forWorkers != null || general.equalsIgnoreCase(value);
			if (!counts && !UNINTERESTING.contains(name)) {
				this.overridden.add(name + "=" + general);
			}
		}

	}

	/**
	 * A feature that is off in workers unless a property keeps it.
	 *
	 * @param property the property
	 */
	record Switch(String property) {

		boolean isKept(Environment environment) {
			return environment.getProperty(this.property, Boolean.class, false);
		}

	}

}
