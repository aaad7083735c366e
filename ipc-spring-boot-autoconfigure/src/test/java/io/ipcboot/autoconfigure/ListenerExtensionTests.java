package io.ipcboot.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;

import io.ipcboot.ChildProcessOperations;
import io.ipcboot.IpcListener;
import io.ipcboot.IpcListenerConfigurer;
import io.ipcboot.IpcRole;
import io.ipcboot.ParentProcess;
import io.ipcboot.ProcessTest;
import io.ipcboot.messaging.IpcListenerInterceptor;
import io.ipcboot.messaging.RemoteHandlerException;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.MessageExceptionHandler;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Beans that extend listeners and the fork of workers, in a parent and in its worker.
 */
@ProcessTest
class ListenerExtensionTests {

	@Test
	void theBeansOfTheApplicationAreUsedInTheirOrder() {
		SpringApplication application = new SpringApplication(Application.class);
		try (ConfigurableApplicationContext context = application.run("--ipc.pools.default.size=1",
				"--ipc.pools.default.jvm-args=-XX:TieredStopAtLevel=1 -Dchosen.by=property",
				"--spring.main.web-application-type=none", "--ipc.main-class=" + Application.class.getName())) {
			ChildProcessOperations processes = context.getBean(ChildProcessOperations.class);
			assertThat(processes.call("role", "x", String.class)).isEqualTo("x first WORKER, x first PARENT");
			assertThat(processes.call("fails", "known", String.class)).isEqualTo("handled known by first WORKER");
			RemoteHandlerException failure = catchThrowableOfType(RemoteHandlerException.class,
					() -> processes.call("fails", "unknown", String.class));
			assertThat(failure.getRemoteMessage()).isEqualTo("translated");
			assertThat(processes.call("chosen", "x", String.class)).isEqualTo("default second");
		}
	}

	/**
	 * Forks itself.
	 */
	@EnableAutoConfiguration
	@Import({ Listeners.class, InParent.class })
	public static class Application {

		public static void main(String[] args) {
			SpringApplication.run(Application.class, args);
		}

		@Bean
		@Order(2)
		IpcListenerConfigurer second(IpcRole role) {
			return (resolvers) -> {
				assertThat(resolvers).hasSize(1);
				resolvers.add(new OriginResolver("second " + role));
			};
		}

		/** It can use what sends messages. */
		@Bean
		@Order(1)
		IpcListenerConfigurer first(IpcRole role, ChildProcessOperations processes) {
			assertThat(processes).isNotNull();
			return (resolvers) -> resolvers.add(new OriginResolver("first " + role));
		}

		/** Is not meant for listeners, as no configurer adds it. */
		@Bean
		OriginResolver other() {
			return new OriginResolver("other");
		}

		@Bean
		IpcListenerInterceptor translation() {
			return (message, invocation) -> {
				try {
					return invocation.proceed();
				}
				catch (UncheckedIOException ex) {
					throw new IllegalStateException("translated");
				}
			};
		}

		@Bean
		@Order(2)
		ForkOptionsCustomizer lastChoice() {
			return (pool, options) -> options.systemProperty("chosen.pool", pool).jvmArguments("-Dchosen.by=second");
		}

		@Bean
		@Order(1)
		ForkOptionsCustomizer firstChoice() {
			return (pool, options) -> options.jvmArguments("-Dchosen.by=first");
		}

	}

	/**
	 * What the parameter of a listener gets that no message carries.
	 */
	record Origin(String name) {

	}

	/**
	 * Resolves it.
	 */
	record OriginResolver(String name) implements HandlerMethodArgumentResolver {

		@Override
		public boolean supportsParameter(MethodParameter parameter) {
			return parameter.getParameterType() == Origin.class;
		}

		@Override
		public Object resolveArgument(MethodParameter parameter, Message<?> message) {
			return new Origin(this.name);
		}

	}

	/**
	 * Listens in workers, behind a proxy.
	 */
	@Scope(scopeName = "prototype", proxyMode = ScopedProxyMode.TARGET_CLASS)
	static class Listeners {

		private final ParentProcess parent;

		private final Environment environment;

		Listeners(ParentProcess parent, Environment environment) {
			this.parent = parent;
			this.environment = environment;
		}

		@IpcListener("role")
		String role(String text, Origin origin) {
			return text + " " + origin.name() + ", " + this.parent.call("parent-role", text, String.class);
		}

		@IpcListener("fails")
		String fails(String text) {
			if (text.equals("known")) {
				throw new IllegalArgumentException(text);
			}
			throw new UncheckedIOException(new IOException(text));
		}

		@IpcListener("chosen")
		String chosen(String text) {
			return this.environment.getProperty("chosen.pool") + " " + this.environment.getProperty("chosen.by");
		}

		@MessageExceptionHandler
		String handle(IllegalArgumentException ex, Origin origin) {
			return "handled " + ex.getMessage() + " by " + origin.name();
		}

	}

	/**
	 * Listens in the parent.
	 */
	@ConditionalOnIpcRole(IpcRole.PARENT)
	static class InParent {

		@IpcListener("parent-role")
		String role(String text, Origin origin) {
			return text + " " + origin.name();
		}

	}

}
