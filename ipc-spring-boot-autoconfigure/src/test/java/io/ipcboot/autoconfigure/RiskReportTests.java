package io.ipcboot.autoconfigure;

import java.io.PrintWriter;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Logger;

import javax.sql.DataSource;

import io.ipcboot.IpcRole;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;
import org.springframework.web.socket.handler.TextWebSocketHandler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What may go wrong in several processes is said before the first worker starts.
 */
@ExtendWith(OutputCaptureExtension.class)
class RiskReportTests {

	@Test
	void allRisksAreInOneReport(CapturedOutput output) {
		assertThatExceptionOfType(RisksException.class).isThrownBy(() -> start(1, Everything.class));
		assertThat(output.getOut()).containsOnlyOnce("APPLICATION FAILED TO START")
			.containsIgnoringNewLines(
					"  in-memory-database: memory (jdbc:h2:mem:orders)    Each process has a database")
			.contains("  single-process-database: file (jdbc:hsqldb:file:/var/orders)")
			.contains("  in-memory-session: cart")
			.contains("  local-cache: caches")
			.contains("  listener-at-start: ")
			.contains("onStart")
			.contains("Everything.seed")
			.contains("Everything.refreshed")
			.contains("  connection-details: odd (a java.lang.Thread cannot be sent)")
			.contains("'ipc.acknowledged-risks'")
			.doesNotContain("onlyParent")
			.doesNotContain("secret");
	}

	@Test
	void aRiskThatIsAcknowledgedIsNotReported(CapturedOutput output) {
		assertThatExceptionOfType(RisksException.class).isThrownBy(() -> start(1, Everything.class,
				"--ipc.acknowledged-risks=in-memory-database,local-cache,listener-at-start"));
		assertThat(output).contains("single-process-database:")
			.doesNotContain("in-memory-database:")
			.doesNotContain("local-cache:")
			.doesNotContain("listener-at-start:");
	}

	@Test
	void anApplicationWithoutWorkersHasNoRisks(CapturedOutput output) {
		start(0, Everything.class);
		assertThat(output).doesNotContain("in-memory-database");
	}

	@Test
	void anOrdinaryApplicationHasNoRisks() {
		assertThat(find(Ordinary.class)).isEmpty();
	}

	@Test
	void sessionsOfSockJsNeedOneProcess() {
		assertThat(findWithSharedPort(SockJs.class))
			.containsOnly(Map.entry(Risk.IN_MEMORY_SESSION, List.of("webSocketHandlerMapping (SockJS)")));
		assertThat(findWithSharedPort(StompOverSockJs.class)).containsEntry(Risk.IN_MEMORY_SESSION,
				List.of("stompWebSocketHandlerMapping (SockJS)"));
		assertThat(findWithSharedPort(SockJs.class, "--ipc.server.scheduling=sticky")).isEmpty();
		assertThat(find(SockJs.class)).isEmpty();
	}

	@Test
	void aWebsocketStaysWithOneProcess() {
		assertThat(findWithSharedPort(PlainWebsocket.class)).isEmpty();
	}

	private static void start(int workers, Class<?> application, String... arguments) {
		List<String> all = new ArrayList<>(
				List.of("--ipc.risks=fail", "--ipc.pools.default.size=" + workers, "--ipc.server.share=true"));
		all.addAll(List.of(arguments));
		new SpringApplicationBuilder(application).run(all.toArray(String[]::new)).close();
	}

	/** Starts no worker, so that the report is made for the beans alone. */
	private static Map<Risk, List<String>> find(Class<?> application, String... arguments) {
		List<String> all = new ArrayList<>(List.of("--ipc.pools.default.size=0"));
		all.addAll(List.of(arguments));
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(application)
			.run(all.toArray(String[]::new))) {
			return context.getBean(RiskSearch.class).find();
		}
	}

	private static Map<Risk, List<String>> findWithSharedPort(Class<?> application, String... arguments) {
		List<String> all = new ArrayList<>(
				List.of("--spring.main.web-application-type=servlet", "--server.port=0", "--ipc.server.share=true"));
		all.addAll(List.of(arguments));
		return find(application, all.toArray(String[]::new));
	}

	@EnableAutoConfiguration
	@Configuration(proxyBeanMethods = false)
	static class Ordinary {

		@Bean
		DataSource server() {
			return new UrlDataSource("jdbc:postgresql://db/orders?password=secret");
		}

		@Bean
		DataSource shared() {
			return new UrlDataSource("jdbc:h2:file:/var/orders;AUTO_SERVER=TRUE");
		}

		@EventListener
		void closed(ContextClosedEvent event) {
		}

	}

	@EnableWebSocket
	static class SockJs extends Ordinary implements WebSocketConfigurer {

		@Override
		public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
			registry.addHandler(new TextWebSocketHandler(), "/chat").withSockJS();
		}

	}

	@EnableWebSocketMessageBroker
	static class StompOverSockJs extends Ordinary implements WebSocketMessageBrokerConfigurer {

		@Override
		public void registerStompEndpoints(StompEndpointRegistry registry) {
			registry.addEndpoint("/stomp").withSockJS();
		}

	}

	@EnableWebSocket
	static class PlainWebsocket extends Ordinary implements WebSocketConfigurer {

		@Override
		public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
			registry.addHandler(new TextWebSocketHandler(), "/chat");
		}

	}

	static class Everything extends Ordinary {

		@Bean
		DataSource memory() {
			return new UrlDataSource("jdbc:h2:mem:orders;PASSWORD=secret");
		}

		@Bean
		DataSource file() {
			return new UrlDataSource("jdbc:hsqldb:file:/var/orders;password=secret");
		}

		@Bean
		ConcurrentMapCacheManager caches() {
			return new ConcurrentMapCacheManager();
		}

		@Bean
		@Scope("session")
		StringBuilder cart() {
			return new StringBuilder();
		}

		@Bean
		ApplicationListener<ApplicationReadyEvent> onStart() {
			return (event) -> {
			};
		}

		@Bean
		@ConditionalOnIpcRole(IpcRole.PARENT)
		ApplicationListener<ApplicationReadyEvent> onlyParent() {
			return (event) -> {
			};
		}

		@EventListener
		void seed(ApplicationStartedEvent event) {
		}

		@EventListener(ContextRefreshedEvent.class)
		void refreshed() {
		}

		@Bean
		OddConnectionDetails odd() {
			return Thread::currentThread;
		}

	}

	interface OddConnectionDetails extends ConnectionDetails {

		Thread thread();

	}

	/** A pool of connections names its URL like this. */
	static class UrlDataSource implements DataSource {

		private final String url;

		UrlDataSource(String url) {
			this.url = url;
		}

		public @Nullable String getUrl() {
			return this.url;
		}

		@Override
		public Connection getConnection() {
			throw new UnsupportedOperationException("a report opens no connection");
		}

		@Override
		public Connection getConnection(String user, String password) {
			return getConnection();
		}

		@Override
		public @Nullable PrintWriter getLogWriter() {
			return null;
		}

		@Override
		public void setLogWriter(PrintWriter out) {
		}

		@Override
		public void setLoginTimeout(int seconds) {
		}

		@Override
		public int getLoginTimeout() {
			return 0;
		}

		@Override
		public Logger getParentLogger() {
			return Logger.getGlobal();
		}

		@Override
		public <T> T unwrap(Class<T> type) {
			return type.cast(this);
		}

		@Override
		public boolean isWrapperFor(Class<?> type) {
			return type.isInstance(this);
		}

	}

}
