package io.ipcboot.messaging;

import java.io.OutputStream;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.ipcboot.handle.IpcPipe;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.core.convert.support.DefaultConversionService;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.validation.annotation.Validated;
import org.springframework.validation.beanvalidation.LocalValidatorFactoryBean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests that arguments and return values are validated as those of a controller in Spring
 * MVC are.
 */
class ListenerValidationTests extends AbstractPeerTests {

	private static final Person ADA = new Person("Ada", 36);

	private static final Person NOBODY = new Person(" ", 36);

	private final Methods methods = new Methods();

	@BeforeEach
	void listen() {
		HandlerMethodListenerFactory factory = factory();
		for (Method method : Methods.class.getDeclaredMethods()) {
			if (!method.isSynthetic()) {
				this.pair.right.listeners.add(method.getName(), factory.listener(this.methods, method, 0));
			}
		}
	}

	private static HandlerMethodListenerFactory factory() {
		LocalValidatorFactoryBean validator = new LocalValidatorFactoryBean();
		validator.afterPropertiesSet();
		return new HandlerMethodListenerFactory(new DefaultConversionService(), validator, null, List.of());
	}

	@Test
	void theElementsOfContainersAreValidated() {
		for (String destination : List.of("list", "array", "elements")) {
			assertThat(call(destination, List.of(ADA, ADA))).isEqualTo(2);
			assertViolation(destination, List.of(ADA, NOBODY), "must not be blank");
		}
		assertThat(call("map", Map.of("a", ADA))).isEqualTo(1);
		assertViolation("map", Map.of("a", NOBODY), "must not be blank");
		assertThat(call("optional", ADA)).isEqualTo(1);
		assertThat(call("optional", null)).isEqualTo(0);
		assertViolation("optional", NOBODY, "must not be blank");
	}

	@Test
	void constraintsOfParametersAreValidated() {
		assertThat(call("sized", "123")).isEqualTo(3);
		assertViolation("sized", "1234", "size must be between 1 and 3");
		assertViolation("sized", null, "must not be null");
		assertViolation("numbers", List.of(3, 0), "must be greater than or equal to 1");
		assertThat(call("numbers", List.of(3, 1))).isEqualTo(2);
		RemoteHandlerException failure = catchThrowableOfType(RemoteHandlerException.class, () -> this.pair.left.sender
			.call(TestMessages.of("header", "x", null, Map.of("tenant", ""), null, false, null), Object.class));
		assertThat(failure.getRemoteMessage()).contains("must not be blank").contains("parameter 1 of ");
	}

	@Test
	void theGroupsOfValidatedCount() {
		Person child = new Person("Tim", 5);
		assertThat(call("grown", ADA)).isEqualTo(1);
		assertViolation("grown", child, "must be greater than or equal to 18");
		assertThat(call("list", List.of(child))).isEqualTo(1);
		assertViolation("allGrown", List.of(ADA, child), "must be greater than or equal to 18");
		assertThat(call("allGrown", List.of(NOBODY))).isEqualTo(1);
	}

	@Test
	void theValuesOfAnEventAreValidated() {
		this.pair.left.emit("event", "ok", List.of(ADA)).join();
		this.pair.left.emit("event", "too long", List.of(ADA)).join();
		this.pair.left.emit("event", "bad", List.of(NOBODY)).join();
		assertThat(call("sized", "123")).isEqualTo(3);
		assertThat(this.methods.events).isEqualTo(1);
	}

	@Test
	void aHandleIsClosedIfAnArgumentIsInvalid() throws Exception {
		try (IpcPipe pipe = IpcPipe.open()) {
			RemoteHandlerException failure = catchThrowableOfType(RemoteHandlerException.class,
					() -> this.pair.left.sender
						.call(TestMessages.of("handle", "", null, Map.of(), pipe.sink(), false, null), Object.class));
			assertThat(failure.getRemoteMessage()).contains("must not be blank").doesNotContain("must not be null");
			assertThat(pipe.source().read()).isEqualTo(-1);
		}
	}

	@Test
	void returnValuesAreValidated() {
		assertThat(call("returned", "Ada")).isEqualTo("Ada");
		assertInvalidReply("returned", null, "must not be null");
		assertThat(call("returnedPerson", "Ada")).isEqualTo(Map.of("name", "Ada", "age", 36));
		assertInvalidReply("returnedPerson", " ", "must not be blank");
		assertThat(call("returnedList", "Ada")).isEqualTo(List.of(Map.of("name", "Ada", "age", 36)));
		assertInvalidReply("returnedList", " ", "must not be blank");
		assertInvalidReply("returnedElements", " ", "must not be blank");
		assertInvalidReply("returnedGrown", "Tim", "must be greater than or equal to 18");
	}

	@Test
	void constraintsOfAnInterfaceAreValidated() {
		assertThat(call("greet", "Ada")).isEqualTo("Hello Ada");
		assertInvalidReply("greet", "", "must not be blank");
	}

	/** As a bean would be that has no proxy which validates. */
	@Test
	void aValidatedClassWithoutAProxyIsValidatedToo() throws Exception {
		this.pair.right.listeners.add("validatedClass", factory().listener(new ValidatedMethods(),
				ValidatedMethods.class.getDeclaredMethod("echo", String.class), 0));
		assertThat(call("validatedClass", "1")).isEqualTo("1");
		assertInvalidReply("validatedClass", "1234", "size must be between 0 and 3");
		assertInvalidReply("validatedClass", "", "must not be blank");
	}

	private void assertInvalidReply(String destination, @Nullable Object payload, String violation) {
		RemoteHandlerException failure = catchThrowableOfType(RemoteHandlerException.class,
				() -> call(destination, payload));
		assertThat(failure).as(destination).isNotNull();
		assertThat(failure.getRemoteMessage()).contains(violation);
	}

	private @Nullable Object call(String destination, @Nullable Object payload) {
		return this.pair.left.call(destination, payload, Object.class);
	}

	private void assertViolation(String destination, @Nullable Object payload, String violation) {
		int before = this.methods.called;
		RemoteHandlerException failure = catchThrowableOfType(RemoteHandlerException.class,
				() -> call(destination, payload));
		assertThat(failure).as(destination).isNotNull();
		assertThat(failure.getRemoteMessage()).contains(violation).contains("." + destination + "(");
		assertThat(this.methods.called).isEqualTo(before);
	}

	interface Grown {

	}

	record Person(@NotBlank String name, @Min(value = 18, groups = Grown.class) int age) {

	}

	interface Greeting {

		@NotBlank
		String greet(String name);

	}

	@Validated
	static class ValidatedMethods {

		@NotBlank
		String echo(@Size(max = 3) String text) {
			return text;
		}

	}

	static class Methods implements Greeting {

		private int called;

		private int events;

		int list(@Valid List<Person> persons) {
			this.called++;
			return persons.size();
		}

		int array(@Valid Person[] persons) {
			this.called++;
			return persons.length;
		}

		int elements(List<@Valid Person> persons) {
			this.called++;
			return persons.size();
		}

		int map(@Valid Map<String, Person> persons) {
			this.called++;
			return persons.size();
		}

		int optional(@Valid Optional<Person> person) {
			this.called++;
			return person.isPresent() ? 1 : 0;
		}

		int sized(@NotNull @Size(min = 1, max = 3) String text) {
			this.called++;
			return text.length();
		}

		int numbers(List<@Min(1) Integer> numbers) {
			this.called++;
			return numbers.size();
		}

		int header(String text, @NotBlank @Header("tenant") String tenant) {
			this.called++;
			return 1;
		}

		int grown(@Validated(Grown.class) Person person) {
			this.called++;
			return 1;
		}

		@Validated(Grown.class)
		int allGrown(@Valid List<Person> persons) {
			this.called++;
			return persons.size();
		}

		void event(@Size(max = 3) String text, @Valid List<Person> persons) {
			this.events++;
		}

		@NotNull
		@Nullable String returned(@Nullable String text) {
			return text;
		}

		@Valid
		Person returnedPerson(String name) {
			return new Person(name, 36);
		}

		@Valid
		List<Person> returnedList(String name) {
			return List.of(new Person(name, 36));
		}

		List<@Valid Person> returnedElements(String name) {
			return List.of(new Person(name, 36));
		}

		@Validated(Grown.class)
		@Valid
		Person returnedGrown(String name) {
			return new Person(name, 5);
		}

		@Override
		public String greet(String name) {
			return name.isEmpty() ? " " : "Hello " + name;
		}

		int handle(@NotNull OutputStream stream, @NotBlank String text) {
			return Arrays.hashCode(new Object[] { stream, text });
		}

	}

}
