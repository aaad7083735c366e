package io.ipcboot.autoconfigure;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;
import org.springframework.core.type.MethodMetadata;

/**
 * Looks for risks among the beans of the parent. Beans are known by the names of their
 * types, since most of the libraries that have them are not there.
 */
class RiskSearch {

	private static final Pattern ONE_PROCESS = Pattern.compile("jdbc:(h2:(file:|~|\\.|/)|hsqldb:file:|derby:(?!//)).*");

	private static final List<String> EMBEDDED_SERVERS = List.of("com.unboundid.ldap.listener.InMemoryDirectoryServer",
			"org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ",
			"org.apache.activemq.broker.BrokerService", "de.flapdoodle.embed.mongo.transitions.RunningMongodProcess");

	private static final List<String> SESSIONS_IN_MEMORY = List.of("org.springframework.session.MapSessionRepository",
			"org.springframework.session.ReactiveMapSessionRepository");

	private static final List<String> SESSION_REPOSITORIES = List.of("org.springframework.session.SessionRepository",
			"org.springframework.session.ReactiveSessionRepository");

	private static final List<String> SESSION_USERS = List.of("org.springframework.security.web.SecurityFilterChain",
			"org.springframework.security.web.server.SecurityWebFilterChain");

	private static final List<String> WEBSOCKETS = List
		.of("org.springframework.web.socket.server.support.WebSocketHandlerMapping");

	private static final List<String> SOCK_JS = List
		.of("org.springframework.web.socket.sockjs.support.SockJsHttpRequestHandler");

	private static final List<String> STATE_IN_MEMORY = List.of(
			"org.springframework.security.oauth2.client.InMemoryOAuth2AuthorizedClientService",
			"org.springframework.security.oauth2.client.InMemoryReactiveOAuth2AuthorizedClientService",
			"org.springframework.security.oauth2.server.authorization.InMemoryOAuth2AuthorizationService",
			"org.springframework.security.web.authentication.rememberme.InMemoryTokenRepositoryImpl",
			"org.springframework.security.core.session.SessionRegistryImpl",
			"org.springframework.messaging.simp.broker.SimpleBrokerMessageHandler");

	private static final List<String> AUTHORIZATION_SERVER = List
		.of("org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings");

	private static final List<String> AUTHORIZATIONS = List
		.of("org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService");

	private static final List<String> SIGNING_KEYS = List.of("com.nimbusds.jose.jwk.source.JWKSource");

	private static final List<String> CACHES = List.of("org.springframework.cache.concurrent.ConcurrentMapCacheManager",
			"org.springframework.cache.caffeine.CaffeineCacheManager",
			"org.springframework.cache.jcache.JCacheCacheManager",
			"org.springframework.cache.support.SimpleCacheManager");

	private final ConfigurableListableBeanFactory beanFactory;

	private final Environment environment;

	private final List<String> lostConnectionDetails;

	/**
	 * Create a search.
	 * @param beanFactory the beans
	 * @param environment the configuration
	 * @param lostConnectionDetails connection details that cannot be sent to workers
	 */
	RiskSearch(ConfigurableListableBeanFactory beanFactory, Environment environment,
			List<String> lostConnectionDetails) {
		this.beanFactory = beanFactory;
		this.environment = environment;
		this.lostConnectionDetails = lostConnectionDetails;
	}

	/**
	 * Search all beans without creating any.
	 * @return what was found, with the names of the beans
	 */
	Map<Risk, List<String>> find() {
		Map<Risk, List<String>> found = new EnumMap<>(Risk.class);
		boolean sharing = this.environment.getProperty("ipc.server.share", Boolean.class, false);
		boolean sticky = "sticky".equalsIgnoreCase(this.environment.getProperty("ipc.server.scheduling"));
		Map<String, String> databases = new Databases(this.beanFactory, this.environment).urls();
		put(found, Risk.IN_MEMORY_DATABASE, matching(databases, Databases::isInMemory));
		put(found, Risk.SINGLE_PROCESS_DATABASE, matching(databases, (url) -> ONE_PROCESS.matcher(url).matches()
				&& !url.toUpperCase(Locale.ROOT).contains("AUTO_SERVER=TRUE")));
		put(found, Risk.EMBEDDED_SERVER, beansOf(EMBEDDED_SERVERS));
		if (sharing && !sticky) {
			put(found, Risk.IN_MEMORY_SESSION, sessions());
		}
		if (sharing) {
			put(found, Risk.IN_MEMORY_STATE, state());
		}
		put(found, Risk.LOCAL_CACHE, beansOf(CACHES));
		put(found, Risk.LISTENER_AT_START, new StartListeners(this.beanFactory).names());
		put(found, Risk.CONNECTION_DETAILS, this.lostConnectionDetails);
		return found;
	}

	private static void put(Map<Risk, List<String>> found, Risk risk, List<String> names) {
		if (!names.isEmpty()) {
			found.put(risk, names);
		}
	}

	private static List<String> matching(Map<String, String> databases, Predicate<String> isRisk) {
		return databases.entrySet()
			.stream()
			.filter((database) -> isRisk.test(database.getValue()))
			.map((database) -> "%s (%s)".formatted(database.getKey(), database.getValue().replaceAll("[;?].*", "")))
			.toList();
	}

	private List<String> sessions() {
		return Stream.concat(httpSessions().stream(), sockJs()).toList();
	}

	private List<String> httpSessions() {
		List<String> inMemory = beansOf(SESSIONS_IN_MEMORY);
		if (!inMemory.isEmpty() || !beansOf(SESSION_REPOSITORIES).isEmpty()) {
			return inMemory;
		}
		return Stream
			.concat(beansOf(SESSION_USERS).stream(),
					Stream.of(this.beanFactory.getBeanDefinitionNames())
						.filter((name) -> "session".equals(this.beanFactory.getMergedBeanDefinition(name).getScope())))
			.toList();
	}

	/** Without a websocket, the messages of a SockJS session are requests. */
	private Stream<String> sockJs() {
		return beansOf(WEBSOCKETS).stream().filter(this::isSockJs).map((name) -> name + " (SockJS)");
	}

	private boolean isSockJs(String beanName) {
		Object mapping = this.beanFactory.getSingleton(beanName);
		return mapping != null
				&& PropertyAccessorFactory.forBeanPropertyAccess(mapping)
					.getPropertyValue("handlerMap") instanceof Map<?, ?> handlers
				&& handlers.values().stream().anyMatch((handler) -> Types.isOneOf(SOCK_JS, handler.getClass()));
	}

	private List<String> state() {
		List<String> state = new ArrayList<>(beansOf(STATE_IN_MEMORY));
		if (beansOf(AUTHORIZATIONS).isEmpty()) {
			// the authorization server makes one in memory, which is no bean
			beansOf(AUTHORIZATION_SERVER).forEach((name) -> state.add(name + " (authorizations)"));
		}
		beansOf(SIGNING_KEYS).stream()
			.filter(this::isOfSpringBoot)
			.forEach((name) -> state.add(name + " (generated key)"));
		return state;
	}

	private boolean isOfSpringBoot(String beanName) {
		MethodMetadata method = (this.beanFactory
			.getBeanDefinition(beanName) instanceof AnnotatedBeanDefinition definition)
					? definition.getFactoryMethodMetadata() : null;
		return method != null && method.getDeclaringClassName().startsWith("org.springframework.boot.");
	}

	private List<String> beansOf(List<String> types) {
		return Types.beansOf(types, this.beanFactory);
	}

}
