package io.ipcboot.messaging;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Time;
import java.sql.Timestamp;
import java.text.SimpleDateFormat;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Calendar;
import java.util.Currency;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SimpleTimeZone;
import java.util.StringJoiner;
import java.util.TimeZone;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonBackReference;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonFilter;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonManagedReference;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.JsonValue;
import io.ipcboot.channel.Content;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonPOJOBuilder;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.ProblemDetail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Tests that a payload is the same on the other side, or refused, whatever the
 * application says about the JSON of its HTTP interface.
 */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class EqualPayloadTests {

	/** As an application may have it for its HTTP interface. */
	private static final JsonMapper FOR_OTHERS = JsonMapper.builder()
		.defaultDateFormat(new SimpleDateFormat("yyyy-MM-dd"))
		.defaultTimeZone(TimeZone.getTimeZone("Asia/Tokyo"))
		.defaultLocale(Locale.FRANCE)
		.propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
		.changeDefaultPropertyInclusion(
				(value) -> JsonInclude.Value.construct(JsonInclude.Include.NON_EMPTY, JsonInclude.Include.NON_EMPTY))
		.enable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS, DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS,
				DateTimeFeature.TRUNCATE_TO_MSECS_ON_WRITE)
		.disable(DateTimeFeature.WRITE_DATE_TIMESTAMPS_AS_NANOSECONDS)
		.enable(SerializationFeature.WRAP_ROOT_VALUE, SerializationFeature.WRITE_SINGLE_ELEM_ARRAYS_UNWRAPPED,
				SerializationFeature.FAIL_ON_EMPTY_BEANS)
		.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.enable(JsonWriteFeature.WRITE_NUMBERS_AS_STRINGS)
		.disable(MapperFeature.INFER_PROPERTY_MUTATORS)
		.build();

	private static final Instant INSTANT = Instant.parse("2024-02-29T12:34:56.123456789Z");

	@ParameterizedTest(name = "{index} {1}")
	@MethodSource("values")
	void aValueArrivesEqual(Object value, Type type) {
		assertArrivesEqual(JsonMapper.builder().build(), value, type);
	}

	@ParameterizedTest(name = "{index} {1}")
	@MethodSource("values")
	void theFormOfJsonForOthersDoesNotChangeValues(Object value, Type type) {
		assertArrivesEqual(FOR_OTHERS, value, type);
	}

	private static void assertArrivesEqual(JsonMapper mapper, Object value, Type type) {
		PayloadConverter converter = new PayloadConverter(mapper, 1_000_000);
		assertThat(converter.read(converter.write(value), type)).isEqualTo(value);
		Payload inEvent = converter.writeValues(List.of(value));
		assertThat(converter.readValues(inEvent, new Type[] { type })).containsExactly(value);
	}

	static Stream<Arguments> values() throws Exception {
		Calendar calendar = new GregorianCalendar(TimeZone.getTimeZone("America/New_York"));
		calendar.setTimeInMillis(INSTANT.toEpochMilli());
		JsonNode node = JsonMapper.shared()
			.readTree("{\"a\": [1, 2.5, \"x\", null, true], \"b\": {\"c\": 9007199254740993}}");
		return Stream.of(arguments(INSTANT, Instant.class), arguments(calendar, Calendar.class),
				arguments(calendar, GregorianCalendar.class), arguments(Date.from(INSTANT), Date.class),
				arguments(Timestamp.from(INSTANT), Timestamp.class), arguments(Time.valueOf("12:34:56"), Time.class),
				arguments(new Time(INSTANT.toEpochMilli()), Time.class),
				arguments(java.sql.Date.valueOf("2024-02-29"), java.sql.Date.class),
				arguments(new java.sql.Date(INSTANT.toEpochMilli()), java.sql.Date.class),
				arguments(TimeZone.getTimeZone("Europe/Berlin"), TimeZone.class),
				arguments(TimeZone.getTimeZone("GMT+05:30"), TimeZone.class),
				arguments(new InetSocketAddress(InetAddress.getByName("10.0.0.1"), 80), InetSocketAddress.class),
				arguments(new InetSocketAddress(InetAddress.getByName("2001:db8::1"), 0), InetSocketAddress.class),
				arguments(
						new InetSocketAddress(
								InetAddress.getByAddress("no-such-host.invalid", new byte[] { 10, 0, 0, 1 }), 80),
						InetSocketAddress.class),
				arguments(InetSocketAddress.createUnresolved("localhost", 8080), InetSocketAddress.class),
				arguments(InetSocketAddress.createUnresolved("no-such-host.invalid", 1), InetSocketAddress.class),
				arguments(OffsetDateTime.of(LocalDateTime.of(2024, 2, 29, 0, 30), ZoneOffset.ofHours(9)),
						OffsetDateTime.class),
				arguments(INSTANT.atZone(ZoneId.of("Europe/Berlin")), ZonedDateTime.class),
				arguments(INSTANT.atZone(ZoneId.of("GMT")), ZonedDateTime.class),
				arguments(INSTANT.atZone(ZoneOffset.UTC), ZonedDateTime.class),
				arguments(LocalDateTime.of(2024, 2, 29, 12, 0, 0, 1), LocalDateTime.class),
				arguments(LocalTime.of(1, 2), LocalTime.class), arguments(Duration.ofNanos(-1), Duration.class),
				arguments(Period.of(1, 14, 40), Period.class), arguments(Double.NaN, double.class),
				arguments(Float.NEGATIVE_INFINITY, float.class), arguments(0.1f, float.class),
				arguments(-0.0, double.class), arguments(new BigDecimal("1.10"), BigDecimal.class),
				arguments(new BigDecimal("1E+3"), BigDecimal.class),
				arguments(BigInteger.TWO.pow(200), BigInteger.class), arguments((1L << 53) + 1, long.class),
				arguments(Locale.GERMANY, Locale.class), arguments(Currency.getInstance("EUR"), Currency.class),
				arguments(Path.of("relative/path"), Path.class), arguments(Path.of("/a b/ä"), Path.class),
				arguments(new File("relative"), File.class), arguments(URI.create("a:b?c#d"), URI.class),
				arguments(new URL("http://localhost/a"), URL.class),
				arguments(InetAddress.getByAddress("no-such-host.invalid", new byte[] { 10, 0, 0, 1 }),
						InetAddress.class),
				arguments(UUID.randomUUID(), UUID.class), arguments(ZoneId.of("Europe/Berlin"), ZoneId.class),
				arguments("", String.class), arguments(Shout.LOUD, Shout.class), arguments(node, JsonNode.class),
				arguments(Optional.of("text"), new ParameterizedTypeReference<Optional<String>>() {
				}.getType()), arguments(Optional.of(3), new ParameterizedTypeReference<Optional<Integer>>() {
				}.getType()), arguments(Map.of(Shout.QUIET, 1), new ParameterizedTypeReference<Map<Shout, Integer>>() {
				}.getType()), arguments(Map.of(UUID.randomUUID(), Map.of(LocalDate.EPOCH, 1.5)),
						new ParameterizedTypeReference<Map<UUID, Map<LocalDate, Double>>>() {
						}.getType()),
				arguments(Map.of(INSTANT.atZone(ZoneId.of("Europe/Berlin")), 7L),
						new ParameterizedTypeReference<Map<ZonedDateTime, Long>>() {
						}.getType()),
				arguments(Arrays.asList(1, null, 3), new ParameterizedTypeReference<List<Integer>>() {
				}.getType()), arguments(List.of(Optional.empty(), Optional.of(List.of("x"))),
						new ParameterizedTypeReference<List<Optional<List<String>>>>() {
						}.getType()),
				arguments(new Everything(List.of(), Optional.empty(), null, "", new HashMap<>(), INSTANT,
						Date.from(INSTANT), 'x'), Everything.class),
				arguments(new Empty(), Empty.class),
				arguments(new Formatted(INSTANT, Date.from(INSTANT), List.of()), Formatted.class),
				arguments(new Signup("Ada", "secret"), Signup.class), arguments(new Filtered(1), Filtered.class),
				arguments(new Cat(9), Animal.class), arguments(new Money(1099), Money.class),
				arguments(new Code("x"), Code.class), arguments(new Derived("Ada", "Lovelace"), Derived.class),
				arguments(Basket.of("a", "b"), Basket.class), arguments(PackagePrivate.of(7), PackagePrivate.class),
				arguments(new Prefixed("x", true), Prefixed.class), arguments(new Built("Ada"), Built.class),
				arguments(new Extra(1, Map.of("a", "b")), Extra.class),
				arguments(new Wrapper(new Inner(5)), Wrapper.class), arguments(Entity.withId(5L), Entity.class));
	}

	@Test
	void charactersAndBytesInObjectsArriveEqual() {
		Characters sent = new Characters("secret".toCharArray(), new byte[] { 1, -1 }, new double[] { Double.NaN, 1 });
		assertThat(roundTrip(sent, Characters.class)).isInstanceOfSatisfying(Characters.class, (read) -> {
			assertThat(read.characters).isEqualTo(sent.characters);
			assertThat(read.bytes).isEqualTo(sent.bytes);
			assertThat(read.numbers).isEqualTo(sent.numbers);
		});
	}

	@Test
	void anOptionalTravelsAsItsValue() {
		PayloadConverter converter = converter();
		assertThat(converter.write(Optional.of(new byte[] { 1 })).content()).isEqualTo(Content.BYTES);
		assertThat(converter.write(Optional.of("x")).content()).isEqualTo(Content.TEXT);
		assertThat(converter.write(Optional.empty()).content()).isEqualTo(Content.NULL);
		Type optionalBytes = new ParameterizedTypeReference<Optional<byte[]>>() {
		}.getType();
		assertThat(converter.read(converter.write(new byte[] { 1 }), optionalBytes))
			.asInstanceOf(InstanceOfAssertFactories.optional(byte[].class))
			.hasValueSatisfying((read) -> assertThat(read).containsExactly(1));
	}

	@Test
	void bothEndsOfABidirectionalRelationArrive() {
		Owner owner = new Owner();
		owner.pets.add(new Pet(owner, "Max"));
		Owner arrived = (Owner) roundTrip(owner, Owner.class);
		assertThat(arrived.pets).singleElement()
			.satisfies((pet) -> assertThat(pet.name).isEqualTo("Max"))
			.satisfies((pet) -> assertThat(pet.owner).isSameAs(arrived));
	}

	@Test
	void anExceptionArrivesWithItsMessageCauseAndFrames() {
		IllegalStateException sent = new IllegalStateException("no disk", new IOException("full"));
		IllegalStateException arrived = (IllegalStateException) roundTrip(sent, IllegalStateException.class);
		assertThat(arrived).hasMessage("no disk");
		assertThat(arrived.getCause()).hasMessage("full");
		assertThat(arrived.getStackTrace()).isEqualTo(sent.getStackTrace());
	}

	@Test
	void typesOfSpringArrive() {
		ProblemDetail detail = ProblemDetail.forStatusAndDetail(org.springframework.http.HttpStatus.CONFLICT, "taken");
		detail.setTitle("a title");
		assertThat(roundTrip(detail, ProblemDetail.class)).isEqualTo(detail);
	}

	@Test
	void whatTheReceiverCannotPlaceIsAnError() {
		PayloadConverter converter = converter();
		Payload payload = converter.write(Map.of("first", "Ada", "last", "Lovelace", "middle", "King"));
		assertThatExceptionOfType(PayloadConversionException.class)
			.isThrownBy(() -> converter.read(payload, Derived.class))
			.withMessageContaining("Unrecognized property \"middle\"");
		assertThat(converter.read(payload, Lenient.class)).isEqualTo(new Lenient("Ada"));
		assertThatExceptionOfType(PayloadConversionException.class).isThrownBy(
				() -> converter.readValues(converter.writeValues(List.of(Map.of("x", 1))), new Type[] { Empty.class }))
			.withMessageContaining("Unrecognized property \"x\"");
		assertThatExceptionOfType(PayloadConversionException.class)
			.isThrownBy(() -> converter.read(converter.write(1.5), int.class));
	}

	@ParameterizedTest(name = "{index} {1}")
	@MethodSource
	void whatWouldArriveIncompleteIsRefused(Object value, String problem) {
		for (Object sent : List.of(value, List.of(value), Map.of("nested", value))) {
			assertThatExceptionOfType(PayloadConversionException.class).as("%s", sent)
				.isThrownBy(() -> converter().write(sent))
				.withMessageContaining(problem);
		}
		assertThatExceptionOfType(PayloadConversionException.class)
			.isThrownBy(() -> converter().writeValues(List.of(value)))
			.withMessageContaining(problem);
	}

	static Stream<Arguments> whatWouldArriveIncompleteIsRefused() {
		int captured = new int[] { 1 }.length;
		Runnable stateless = () -> {
		};
		Supplier<Integer> lambda = () -> captured;
		Calendar lenient = Calendar.getInstance(TimeZone.getTimeZone("UTC"));
		lenient.setLenient(false);
		return Stream.of(arguments(stateless, "it is code, not data"), arguments(lambda, "it is code, not data"),
				arguments((Callable<String>) String::new, "it is code, not data"), arguments(new Callable<Integer>() {
					@Override
					public Integer call() {
						return captured;
					}
				}, "it has state, but nothing that could be written"),
				arguments(new ByteArrayInputStream(new byte[1]),
						"a java.io.ByteArrayInputStream cannot be sent: it has no JSON form"),
				arguments(InputStream.nullInputStream(), "it has no JSON form"),
				arguments(Thread.currentThread(), "a java.lang.Thread cannot be sent: it has no JSON form"),
				arguments(new BitSet(), "a java.util.BitSet cannot be sent: it has no JSON form"),
				arguments(new StringJoiner(","), "it has no JSON form"),
				arguments(new CompletableFuture<>(), "it stands for values that are not there yet"),
				arguments(Mono.just(1), "it stands for values that are not there yet"),
				arguments(Flux.just(1), "it stands for values that are not there yet"),
				arguments(Pattern.compile("a", Pattern.CASE_INSENSITIVE), "has properties that are not sent"),
				arguments(new SimpleTimeZone(5_400_000, "Europe/Berlin"), "has properties that are not sent"),
				arguments(new SimpleTimeZone(5_400_000, "GMT"), "has properties that are not sent"),
				arguments(new GregorianCalendar(new SimpleTimeZone(5_400_000, "GMT")),
						"has properties that are not sent"),
				arguments(lenient, "has properties that are not sent"),
				arguments(InetSocketAddress.createUnresolved("10.0.0.1", 80), "has properties that are not sent"),
				arguments(InetSocketAddress.createUnresolved("::1", 80), "has properties that are not sent"),
				arguments(new Task(), "the fields that it inherits from java.lang.Thread are not accessible"),
				arguments(new Account(), "the field 'password' of " + Account.class.getName() + " is left out"),
				arguments(new SavingsAccount(), "the field 'password' of " + Account.class.getName() + " is left out"),
				arguments(new Hidden(), "the field 'secret' of " + Hidden.class.getName() + " is left out"),
				arguments(new Cut(), "the field 'account' of " + Cut.class.getName() + " is left out"));
	}

	@Test
	void aMixInMayLeaveOutWhatItWants() {
		JsonMapper mapper = JsonMapper.builder().addMixIn(Account.class, WithoutPassword.class).build();
		assertThat(new String(new PayloadConverter(mapper, 1000).write(new Account()).bytes(), StandardCharsets.UTF_8))
			.isEqualTo("{\"name\":\"Ada\"}");
	}

	@Test
	void whatIsTransientOrDerivedMayBeLeftOut() {
		assertThat(roundTrip(new Cached("x"), Cached.class)).isEqualTo(new Cached("x"));
	}

	private static PayloadConverter converter() {
		return new PayloadConverter(JsonMapper.builder().build(), 1_000_000);
	}

	private static @Nullable Object roundTrip(Object value, Type type) {
		PayloadConverter converter = converter();
		return converter.read(converter.write(value), type);
	}

	enum Shout {

		LOUD, QUIET;

		@Override
		public String toString() {
			return "not unique";
		}

	}

	record Everything(List<String> list, Optional<String> optional, @Nullable String nothing, String empty,
			Map<String, String> map, Instant instant, Date date, char character) {

	}

	record Empty() {

	}

	record Formatted(@JsonFormat(shape = JsonFormat.Shape.NUMBER_INT) Instant instant,
			@JsonFormat(pattern = "yyyy") Date date, @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> list) {

	}

	record Signup(@JsonProperty(access = JsonProperty.Access.READ_ONLY) String name,
			@JsonProperty(access = JsonProperty.Access.WRITE_ONLY) String password) {

	}

	@JsonFilter("for others")
	record Filtered(int value) {

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
	@JsonSubTypes(@JsonSubTypes.Type(value = Cat.class, name = "cat"))
	sealed interface Animal permits Cat {

	}

	record Cat(int lives) implements Animal {

	}

	record Money(@JsonValue long cents) {

		@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
		Money {
		}

	}

	record Code(String value) {

		@JsonCreator
		static Code of(@JsonProperty("v") String value) {
			return new Code(value);
		}

		@JsonProperty("v")
		public String value() {
			return this.value;
		}

	}

	record Derived(String first, String last) {

		public String getFullName() {
			return this.first + " " + this.last;
		}

		public boolean isLong() {
			return getFullName().length() > 20;
		}

	}

	@JsonIgnoreProperties(ignoreUnknown = true)
	record Lenient(String first) {

	}

	/** A collection that only grows, and a getter that returns a copy. */
	static final class Basket {

		private final List<String> items = new ArrayList<>();

		static Basket of(String... items) {
			Basket basket = new Basket();
			basket.items.addAll(List.of(items));
			return basket;
		}

		public List<String> getItems() {
			return List.copyOf(this.items);
		}

		public int getCount() {
			return this.items.size();
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Basket basket && this.items.equals(basket.items);
		}

		@Override
		public int hashCode() {
			return this.items.hashCode();
		}

	}

	static class PackagePrivate {

		int value;

		private @Nullable DayOfWeek day;

		static PackagePrivate of(int value) {
			PackagePrivate created = new PackagePrivate();
			created.value = value;
			created.day = DayOfWeek.of(value);
			return created;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof PackagePrivate same && this.value == same.value && this.day == same.day;
		}

		@Override
		public int hashCode() {
			return this.value;
		}

	}

	/** Fields whose names differ from those of the properties. */
	static final class Prefixed {

		private final String mName;

		private boolean isActive;

		@JsonCreator
		Prefixed(@JsonProperty("name") String name) {
			this.mName = Objects.requireNonNull(name);
		}

		Prefixed(String name, boolean active) {
			this(name);
			this.isActive = active;
		}

		public String getName() {
			return this.mName;
		}

		public boolean isActive() {
			return this.isActive;
		}

		public void setActive(boolean active) {
			this.isActive = active;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Prefixed same && this.mName.equals(same.mName) && this.isActive == same.isActive;
		}

		@Override
		public int hashCode() {
			return this.mName.hashCode();
		}

	}

	@JsonDeserialize(builder = Built.Builder.class)
	static final class Built {

		private final String name;

		Built(String name) {
			this.name = name;
		}

		public String getName() {
			return this.name;
		}

		public int getLength() {
			return this.name.length();
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Built same && this.name.equals(same.name);
		}

		@Override
		public int hashCode() {
			return this.name.hashCode();
		}

		@JsonPOJOBuilder(withPrefix = "")
		static final class Builder {

			private String name = "";

			Builder name(String newName) {
				this.name = newName;
				return this;
			}

			Built build() {
				return new Built(this.name);
			}

		}

	}

	static final class Extra {

		private int number;

		private Map<String, String> others = new LinkedHashMap<>();

		Extra() {
		}

		Extra(int number, Map<String, String> others) {
			this.number = number;
			this.others.putAll(others);
		}

		public int getNumber() {
			return this.number;
		}

		@JsonAnyGetter
		public Map<String, String> getOthers() {
			return this.others;
		}

		@JsonAnySetter
		public void add(String name, String value) {
			this.others.put(name, value);
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Extra same && this.number == same.number && this.others.equals(same.others);
		}

		@Override
		public int hashCode() {
			return this.number;
		}

	}

	static final class Wrapper {

		@JsonUnwrapped
		private Inner inner;

		Wrapper() {
			this(new Inner(0));
		}

		Wrapper(Inner inner) {
			this.inner = inner;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Wrapper same && this.inner.number == same.inner.number;
		}

		@Override
		public int hashCode() {
			return this.inner.number;
		}

	}

	static final class Inner {

		private int number;

		Inner() {
		}

		Inner(int number) {
			this.number = number;
		}

	}

	abstract static class BaseEntity {

		private @Nullable Long id;

		public @Nullable Long getId() {
			return this.id;
		}

		public void setId(@Nullable Long id) {
			this.id = id;
		}

		public boolean isNew() {
			return this.id == null;
		}

	}

	static class Entity extends BaseEntity {

		private final Set<String> names = new java.util.TreeSet<>();

		static Entity withId(long id) {
			Entity entity = new Entity();
			entity.setId(id);
			entity.names.add("a name");
			return entity;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Entity same && Objects.equals(getId(), same.getId())
					&& this.names.equals(same.names);
		}

		@Override
		public int hashCode() {
			return Objects.hashCode(getId());
		}

	}

	static final class Owner {

		@JsonManagedReference
		private final List<Pet> pets = new ArrayList<>();

	}

	static final class Pet {

		@JsonBackReference
		private @Nullable Owner owner;

		private String name = "";

		Pet() {
		}

		Pet(Owner owner, String name) {
			this.owner = owner;
			this.name = name;
		}

	}

	static class Account {

		public String name = "Ada";

		@JsonIgnore
		private String password = "secret";

		public String getPassword() {
			return this.password;
		}

	}

	static final class SavingsAccount extends Account {

		public int balance;

	}

	@JsonIgnoreProperties("password")
	interface WithoutPassword {

	}

	@JsonIgnoreProperties("secret")
	static final class Hidden {

		public String secret = "x";

		public int other;

	}

	static final class Cut {

		@JsonIgnoreProperties("name")
		public Cat account = new Cat(1);

	}

	static final class Task extends Thread {

	}

	static final class Cached {

		private String value = "";

		private transient int length;

		Cached() {
		}

		Cached(String value) {
			this.value = value;
			this.length = value.length();
		}

		@JsonIgnore
		public int getLength() {
			return this.length;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Cached same && this.value.equals(same.value);
		}

		@Override
		public int hashCode() {
			return this.value.hashCode();
		}

	}

	record Characters(char[] characters, byte[] bytes, double[] numbers) {

	}

}
