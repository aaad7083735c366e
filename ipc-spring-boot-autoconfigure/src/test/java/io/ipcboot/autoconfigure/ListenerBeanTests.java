package io.ipcboot.autoconfigure;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import io.ipcboot.IpcListener;
import io.ipcboot.IpcRole;
import io.ipcboot.messaging.InvalidListenerException;
import io.ipcboot.messaging.ListenerRegistry;
import io.ipcboot.messaging.NoListenerException;
import io.ipcboot.messaging.PeerPair;
import io.ipcboot.messaging.RemoteHandlerException;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

import org.springframework.aop.framework.autoproxy.BeanNameAutoProxyCreator;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.ObjectFactory;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.core.annotation.AliasFor;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.validation.annotation.Validated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that a listener works in a bean of any kind, as Spring's own listeners do.
 */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class ListenerBeanTests {

	private static final AtomicInteger instances = new AtomicInteger();

	private static final AtomicInteger factories = new AtomicInteger();

	private PeerPair pair;

	@BeforeEach
	void open() throws Exception {
		this.pair = new PeerPair().start();
		instances.set(0);
		factories.set(0);
	}

	@AfterEach
	void close() {
		this.pair.close();
	}

	private ApplicationContextRunner runner(Class<?>... configurations) {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class, ValidationAutoConfiguration.class,
					IpcAutoConfiguration.class))
			.withInitializer((context) -> context.getBeanFactory().registerScope("refresh", new RefreshScope()))
			.withBean(ListenerRegistry.class, () -> this.pair.right.listeners)
			.withUserConfiguration(configurations);
	}

	private @Nullable Object call(String destination) {
		return this.pair.left.call(destination, null, Object.class);
	}

	@Test
	void aPrototypeIsCreatedForEachMessage() {
		runner(Prototype.class).run((context) -> {
			assertThat(instances).hasValue(0);
			assertThat(call("count")).isEqualTo(1);
			assertThat(call("count")).isEqualTo(2);
			context.getBean(Counted.class);
			assertThat(call("count")).isEqualTo(4);
		});
	}

	@Test
	void aScopedProxyLeadsToTheObjectOfTheScope() {
		runner(ScopedProxy.class).run(this::assertRefreshed);
	}

	@Test
	void aScopedProxyOfInterfacesDoesSoToo() {
		runner(ScopedInterfaceProxy.class).run(this::assertRefreshed);
	}

	@Test
	void aBeanWithAScopeAndWithoutAProxy() {
		runner(Scoped.class).run(this::assertRefreshed);
	}

	@Test
	void aScopedBeanIsFoundWhereBeansAreLazy() {
		runner(ScopedProxy.class)
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run(this::assertRefreshed);
	}

	private void assertRefreshed(ConfigurableApplicationContext context) {
		assertThat(call("count")).isEqualTo(1);
		assertThat(call("count")).isEqualTo(1);
		((RefreshScope) context.getBeanFactory().getRegisteredScope("refresh")).refresh();
		assertThat(call("count")).isEqualTo(2);
		assertThat(call("count")).isEqualTo(2);
	}

	@Test
	void aScopeThatIsNotActiveFailsTheMessage() {
		runner(Scoped.class)
			.withInitializer((context) -> context.getBeanFactory()
				.registerScope("refresh", new RefreshScope("Scope 'refresh' is not active")))
			.run((context) -> assertThatExceptionOfType(RemoteHandlerException.class).isThrownBy(() -> call("count"))
				.withMessageContaining("Scope 'refresh' is not active"));
	}

	@Test
	void aLazyBeanIsCreatedForTheFirstMessage() {
		runner(LazyBean.class).run((context) -> {
			assertThat(instances).hasValue(0);
			assertThat(call("count")).isEqualTo(1);
			assertThat(call("count")).isEqualTo(1);
		});
	}

	@Test
	void aSingletonThatIsCreatedAgainAnswersInsteadOfTheOldOne() {
		runner(Singleton.class).run((context) -> {
			assertThat(call("count")).isEqualTo(1);
			((DefaultListableBeanFactory) context.getBeanFactory()).destroySingleton("counted");
			assertThat(call("count")).isEqualTo(2);
			assertThat(call("count")).isEqualTo(2);
		});
	}

	@Test
	void theObjectOfAFactoryListens() {
		runner(OfFactory.class).run((context) -> {
			assertThat(call("count")).isEqualTo(1);
			assertThat(call("count")).isEqualTo(1);
			assertThat(call("factory")).isEqualTo(1);
			assertThat(factories).hasValue(1);
		});
	}

	@Test
	void aFactoryThatCreatesAnObjectEachTimeDoesSoForEachMessage() {
		runner(OfPrototypeFactory.class).run((context) -> {
			assertThat(call("count")).isEqualTo(1);
			assertThat(call("count")).isEqualTo(2);
		});
	}

	@Test
	void anObjectWhoseTypeNobodyDeclaresListensFromItsCreationOn() {
		for (Class<?> configuration : new Class<?>[] { OfUnknownFactory.class, Undeclared.class,
				UndeclaredScopedProxy.class }) {
			instances.set(0);
			runner(configuration).run((context) -> {
				assertThatExceptionOfType(NoListenerException.class).isThrownBy(() -> call("count"));
				context.getBean("counted").toString();
				assertThat(call("count")).as(configuration.getName()).isEqualTo(1);
				context.getBean("counted").toString();
				assertThat(call("count")).as(configuration.getName()).isEqualTo(1);
			});
		}
	}

	@Test
	void anObjectThatIsRegisteredAsASingletonListens() {
		runner().withInitializer((context) -> context.getBeanFactory().registerSingleton("counted", new Counted()))
			.run((context) -> assertThat(call("count")).isEqualTo(1));
	}

	@Test
	void anInnerBeanListens() {
		runner().withInitializer((context) -> {
			RootBeanDefinition outer = new RootBeanDefinition(Holder.class);
			outer.getPropertyValues().add("counted", new RootBeanDefinition(Counted.class));
			((DefaultListableBeanFactory) context.getBeanFactory()).registerBeanDefinition("outer", outer);
		}).run((context) -> assertThat(call("count")).isEqualTo(1));
	}

	/** As the test framework initializes one object of a test class for each method. */
	@Test
	void theLatestOfSeveralObjectsWithoutADefinitionAnswers() {
		runner().run((context) -> {
			for (int i = 1; i <= 2; i++) {
				context.getAutowireCapableBeanFactory().initializeBean(new Counted(), "a.Test.ORIGINAL");
				assertThat(call("count")).isEqualTo(i);
			}
		});
	}

	@Test
	void aProxyOfInterfacesIsCalledAndTheAnnotationsOfTheClassCount() {
		runner(InterfaceProxy.class).run((context) -> {
			assertThat(context.getBean("greeter")).isNotInstanceOf(Greeter.class).isInstanceOf(Greeting.class);
			assertThatExceptionOfType(RemoteHandlerException.class)
				.isThrownBy(() -> this.pair.left.call("greet", "Ada", String.class))
				.withMessageContaining("Missing header 'title'");
			assertThat(this.pair.left.call("greet-all", "Ada", String.class)).isEqualTo("Hello Ada");
			assertThat(this.pair.left.call("greet-nobody", null, String.class)).isEqualTo("Hello nobody");
			assertThatExceptionOfType(RemoteHandlerException.class)
				.isThrownBy(() -> this.pair.left.call("greet-all", "Ada Lovelace", String.class))
				.withMessageContaining("size must be between 0 and 5");
			assertThatExceptionOfType(RemoteHandlerException.class)
				.isThrownBy(() -> this.pair.left.call("greet-loudly", " ", String.class))
				.withMessageContaining("must not be blank");
		});
	}

	@Test
	void aProxyWithoutTheMethodFailsTheStart() {
		runner(ProxyWithoutMethod.class).run((context) -> {
			assertThat(context).getFailure()
				.isInstanceOf(InvalidListenerException.class)
				.hasMessageContaining("Hidden.hidden()")
				.hasMessageContaining("its bean is a proxy that does not have it")
				.hasMessageContaining("Declare the method in an interface");
		});
	}

	@Test
	void listenersAreInheritedAndTheirTypesResolved() {
		runner(Inherited.class).run((context) -> {
			assertThat(this.pair.left.call("generic", 5, Integer.class)).isEqualTo(6);
			assertThat(this.pair.left.call("abstract", 5, Integer.class)).isEqualTo(10);
			assertThat(this.pair.left.call("of-interface", 5, Integer.class)).isEqualTo(25);
		});
	}

	@Test
	void anAnnotationMayBeComposed() {
		runner(Composed.class).run((context) -> assertThat(call("composed")).isEqualTo("here"));
	}

	@Test
	void aValidatedBeanValidatesArgumentsAndReturnValues() {
		runner(ValidatedBean.class).run((context) -> {
			assertThat(this.pair.left.call("validated", "Ada", String.class)).isEqualTo("Ada");
			for (String invalid : new String[] { "too long", " " }) {
				assertThatExceptionOfType(RemoteHandlerException.class)
					.isThrownBy(() -> this.pair.left.call("validated", invalid, String.class))
					.withMessageContaining("ConstraintViolationException");
			}
		});
	}

	@Test
	void whatAContextHasAddedToTheRegistryOfItsParentEndsWithIt() {
		runner(Singleton.class).run((parent) -> {
			runner(Composed.class).withParent(parent).run((child) -> assertThat(call("composed")).isEqualTo("here"));
			assertThatExceptionOfType(NoListenerException.class).isThrownBy(() -> call("composed"));
			assertThat(call("count")).isEqualTo(1);
		});
	}

	interface Counter {

		int count();

	}

	static class Counted implements Counter {

		private final int number = instances.incrementAndGet();

		@Override
		@IpcListener(destination = "count", role = IpcRole.PARENT)
		public int count() {
			return this.number;
		}

		@Override
		public String toString() {
			return "number " + this.number;
		}

	}

	static class Holder {

		private @Nullable Counted counted;

		public void setCounted(Counted counted) {
			this.counted = counted;
		}

		public @Nullable Counted getCounted() {
			return this.counted;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Singleton {

		@Bean
		Counted counted() {
			return new Counted();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Prototype {

		@Bean
		@Scope(BeanDefinition.SCOPE_PROTOTYPE)
		Counted counted() {
			return new Counted();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Scoped {

		@Bean
		@Scope("refresh")
		Counted counted() {
			return new Counted();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ScopedProxy {

		@Bean
		@Scope(value = "refresh", proxyMode = ScopedProxyMode.TARGET_CLASS)
		Counted counted() {
			return new Counted();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ScopedInterfaceProxy {

		@Bean
		@Scope(value = "refresh", proxyMode = ScopedProxyMode.INTERFACES)
		Counted counted() {
			return new Counted();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LazyBean {

		@Bean
		@Lazy
		Counted counted() {
			return new Counted();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OfFactory {

		@Bean
		CountedFactory counted() {
			return new CountedFactory();
		}

	}

	static class CountedFactory implements FactoryBean<Counted> {

		private final int number = factories.incrementAndGet();

		@Override
		public Counted getObject() {
			return new Counted();
		}

		@Override
		public Class<?> getObjectType() {
			return Counted.class;
		}

		@IpcListener(destination = "factory", role = IpcRole.PARENT)
		int number() {
			return this.number;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OfPrototypeFactory {

		@Bean
		FactoryBean<Counted> counted() {
			return new CountedFactory() {

				@Override
				public boolean isSingleton() {
					return false;
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OfUnknownFactory {

		@Bean
		FactoryBean<?> counted() {
			return new FactoryBean<Object>() {

				@Override
				public Object getObject() {
					return new Counted();
				}

				@Override
				public @Nullable Class<?> getObjectType() {
					return null;
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Undeclared {

		@Bean
		@Lazy
		Counter counted() {
			return new Counted();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class UndeclaredScopedProxy {

		@Bean
		@Scope(value = "refresh", proxyMode = ScopedProxyMode.INTERFACES)
		Counter counted() {
			return new Counted();
		}

	}

	interface Greeting {

		String greet(String name, String title);

		String greetAll(@Size(max = 5) String name);

		String greetLoudly(String name);

		@IpcListener(destination = "greet-nobody", role = IpcRole.PARENT)
		String greetNobody();

	}

	static class Greeter implements Greeting {

		@Override
		@IpcListener(destination = "greet", role = IpcRole.PARENT)
		public String greet(String name, @Header("title") String title) {
			return "Hello " + title + " " + name;
		}

		@Override
		@IpcListener(destination = "greet-all", role = IpcRole.PARENT)
		public String greetAll(String name) {
			return "Hello " + name;
		}

		@Override
		@NotBlank
		@IpcListener(destination = "greet-loudly", role = IpcRole.PARENT)
		public String greetLoudly(String name) {
			return name.toUpperCase(Locale.ROOT);
		}

		@Override
		public String greetNobody() {
			return "Hello nobody";
		}

	}

	static class Hidden implements Counter {

		@Override
		public int count() {
			return 1;
		}

		@IpcListener(destination = "hidden", role = IpcRole.PARENT)
		public int hidden() {
			return 2;
		}

	}

	static BeanNameAutoProxyCreator proxiesOfInterfaces(String name) {
		BeanNameAutoProxyCreator creator = new BeanNameAutoProxyCreator();
		creator.setBeanNames(name);
		creator.setProxyTargetClass(false);
		return creator;
	}

	@Configuration(proxyBeanMethods = false)
	static class InterfaceProxy {

		@Bean
		static BeanNameAutoProxyCreator proxies() {
			return proxiesOfInterfaces("greeter");
		}

		@Bean
		Greeter greeter() {
			return new Greeter();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ProxyWithoutMethod {

		@Bean
		static BeanNameAutoProxyCreator proxies() {
			return proxiesOfInterfaces("hidden");
		}

		@Bean
		Hidden hidden() {
			return new Hidden();
		}

	}

	interface OfInterface<T> {

		@IpcListener(destination = "of-interface", role = IpcRole.PARENT)
		T square(T value);

	}

	abstract static class Parent<T> {

		@IpcListener(destination = "generic", role = IpcRole.PARENT)
		T generic(T value) {
			return next(value);
		}

		abstract T next(T value);

		@IpcListener(destination = "abstract", role = IpcRole.PARENT)
		abstract T twice(T value);

	}

	static class Numbers extends Parent<Integer> implements OfInterface<Integer> {

		@Override
		Integer next(Integer value) {
			return value + 1;
		}

		@Override
		Integer twice(Integer value) {
			return value * 2;
		}

		@Override
		public Integer square(Integer value) {
			return value * value;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Inherited {

		@Bean
		Numbers numbers() {
			return new Numbers();
		}

	}

	@Target(ElementType.METHOD)
	@Retention(RetentionPolicy.RUNTIME)
	@IpcListener(role = IpcRole.PARENT)
	@interface ParentListener {

		@AliasFor(annotation = IpcListener.class, attribute = "destination")
		String value();

	}

	@Configuration(proxyBeanMethods = false)
	static class Composed {

		@ParentListener("composed")
		String here() {
			return "here";
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ValidatedBean {

		@Bean
		Echo echo() {
			return new Echo();
		}

	}

	@Validated
	static class Echo {

		@NotBlank
		@IpcListener(destination = "validated", role = IpcRole.PARENT)
		String echo(@Size(max = 3) String text) {
			return text;
		}

	}

	/** As that of Spring Cloud: its objects are made again when they are refreshed. */
	static class RefreshScope implements org.springframework.beans.factory.config.Scope {

		private final Map<String, Object> objects = new ConcurrentHashMap<>();

		private final @Nullable String problem;

		RefreshScope() {
			this(null);
		}

		RefreshScope(@Nullable String problem) {
			this.problem = problem;
		}

		void refresh() {
			this.objects.clear();
		}

		@Override
		public Object get(String name, ObjectFactory<?> factory) {
			if (this.problem != null) {
				throw new IllegalStateException(this.problem);
			}
			Object object = this.objects.get(name);
			if (object == null) {
				object = factory.getObject();
				this.objects.put(name, object);
			}
			return object;
		}

		@Override
		public @Nullable Object remove(String name) {
			return this.objects.remove(name);
		}

		@Override
		public void registerDestructionCallback(String name, Runnable callback) {
		}

		@Override
		public @Nullable Object resolveContextualObject(String key) {
			return null;
		}

		@Override
		public @Nullable String getConversationId() {
			return null;
		}

	}

}
