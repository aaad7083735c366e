package io.ipcboot.messaging;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.ipcboot.channel.Content;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.DefaultTyping;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;

import org.springframework.core.ParameterizedTypeReference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class PayloadTests {

	private static final int LIMIT = 1_000_000;

	private final PayloadConverter converter = new PayloadConverter(JsonMapper.builder().build(), LIMIT);

	@ParameterizedTest
	@ValueSource(strings = { "\uD83D", "a\uDE00b", "\uDE00\uD83D", "😀\uD83D", "\uD83D\uD83D\uDE00" })
	void halfOfASurrogatePairIsKeptInAPayloadAndRefusedInANameOrHeader(String text) {
		assertThat(this.converter.read(this.converter.write(text), String.class)).isEqualTo(text);
		assertThat(this.converter.read(this.converter.write(text), Object.class)).isEqualTo(text);
		List<String> list = List.of("x", text);
		assertThat(this.converter.read(this.converter.write(list), Object.class)).isEqualTo(list);
		Payload name = this.converter.write(Map.of(text, 1));
		assertThatExceptionOfType(PayloadConversionException.class)
			.isThrownBy(() -> this.converter.read(name, Object.class));
		assertThatIllegalArgumentException().isThrownBy(() -> TestMessages.of(text, null))
			.withMessageMatching(
					"The name of a destination has half of a surrogate pair " + "\\(U\\+[0-9A-F]{4}\\) at index \\d");
		assertThatIllegalArgumentException().isThrownBy(() -> withHeader("name", text));
		assertThatIllegalArgumentException().isThrownBy(() -> withHeader(text, "value"));
	}

	private static OutgoingMessage withHeader(String name, String value) {
		return TestMessages.of("x", null, null, Map.of(name, value), null, false, null);
	}

	@ParameterizedTest(name = "{index} {1}")
	@MethodSource
	void aValueIsTheSameOnTheOtherSide(@Nullable Object value, Type type, Content content) {
		Payload payload = this.converter.write(value);
		assertThat(payload.content()).isEqualTo(content);
		assertThat(this.converter.read(payload, type)).isEqualTo(value);
	}

	static Stream<Arguments> aValueIsTheSameOnTheOtherSide() {
		Instant instant = Instant.parse("2024-02-29T12:34:56.123456789Z");
		return Stream.of(arguments(new byte[] { 0, 1, -1 }, byte[].class, Content.BYTES),
				arguments(new byte[0], byte[].class, Content.BYTES),
				arguments(new byte[] { 7 }, Object.class, Content.BYTES),
				arguments(ByteBuffer.wrap(new byte[] { 1, 2, 3 }), ByteBuffer.class, Content.BYTES),
				arguments("", String.class, Content.TEXT), arguments("text", Object.class, Content.TEXT),
				arguments("text", CharSequence.class, Content.TEXT),
				arguments("Grüße, 世界 😀 \u0000 \u2028 \"\\", String.class, Content.TEXT),
				arguments(null, String.class, Content.NULL), arguments(null, Object.class, Content.NULL),
				arguments(42, int.class, Content.JSON), arguments(42, Integer.class, Content.JSON),
				arguments(Long.MIN_VALUE, long.class, Content.JSON), arguments(0.1, double.class, Content.JSON),
				arguments(true, boolean.class, Content.JSON), arguments('ß', char.class, Content.JSON),
				arguments(new BigInteger("9".repeat(900)), BigInteger.class, Content.JSON),
				arguments(new BigDecimal("3.14159265358979323846264338327950288419716939937510"), BigDecimal.class,
						Content.JSON),
				arguments(new BigDecimal("1.10"), BigDecimal.class, Content.JSON),
				arguments(instant, Instant.class, Content.JSON),
				arguments(LocalDate.of(2024, 2, 29), LocalDate.class, Content.JSON),
				arguments(OffsetDateTime.ofInstant(instant, ZoneOffset.UTC), OffsetDateTime.class, Content.JSON),
				arguments(ZonedDateTime.ofInstant(instant, ZoneOffset.UTC), ZonedDateTime.class, Content.JSON),
				arguments(Duration.ofNanos(1), Duration.class, Content.JSON),
				arguments(DayOfWeek.MONDAY, DayOfWeek.class, Content.JSON),
				arguments(UUID.randomUUID(), UUID.class, Content.JSON),
				arguments(new int[] { 1, 2 }, int[].class, Content.JSON),
				arguments(new Point(1, 2), Point.class, Content.JSON),
				arguments(new Shape("😀\u0000", List.of(new Point(1, 2)), Optional.empty(), null), Shape.class,
						Content.JSON),
				arguments(Optional.of(new Point(1, 2)), new ParameterizedTypeReference<Optional<Point>>() {
				}.getType(), Content.JSON),
				arguments(List.of(new Point(1, 2), new Point(3, 4)), new ParameterizedTypeReference<List<Point>>() {
				}.getType(), Content.JSON), arguments(Map.of("a", Set.of(new Point(1, 2))),
						new ParameterizedTypeReference<Map<String, Set<Point>>>() {
						}.getType(), Content.JSON),
				arguments(List.of(), List.class, Content.JSON),
				arguments(Arrays.asList("a", null), List.class, Content.JSON),
				arguments(Map.of("a", List.of(1, "b")), Object.class, Content.JSON));
	}

	@Test
	void ofABufferThePartBetweenPositionAndLimitIsSent() {
		ByteBuffer direct = ByteBuffer.allocateDirect(10).put(new byte[] { 1, 2, 3, 4, 5 }).position(1).limit(4);
		ByteBuffer slice = ByteBuffer.wrap(new byte[] { 9, 1, 2, 3, 4, 9 }, 2, 3).slice().position(1);
		assertThat(this.converter.write(direct).bytes()).containsExactly(2, 3, 4);
		assertThat(this.converter.write(direct.asReadOnlyBuffer()).bytes()).containsExactly(2, 3, 4);
		assertThat(this.converter.write(slice).bytes()).containsExactly(3, 4);
		assertThat(direct.position()).isEqualTo(1);
		assertThat(direct.limit()).isEqualTo(4);
	}

	@Test
	void toChangeAnArrayAfterwardsDoesNotChangeThePayload() {
		byte[] bytes = { 1, 2, 3 };
		Payload payload = this.converter.write(bytes);
		Payload buffered = this.converter.write(ByteBuffer.wrap(bytes));
		bytes[0] = 99;
		assertThat(payload.bytes()).containsExactly(1, 2, 3);
		assertThat(buffered.bytes()).containsExactly(1, 2, 3);
	}

	@Test
	void textBecomesWhatCanBeMadeOfText() {
		assertThat(this.converter.read(this.converter.write("42"), int.class)).isEqualTo(42);
		assertThat(this.converter.read(this.converter.write("MONDAY"), DayOfWeek.class)).isEqualTo(DayOfWeek.MONDAY);
		assertThat(this.converter.read(this.converter.write("2024-02-29"), LocalDate.class))
			.isEqualTo(LocalDate.of(2024, 2, 29));
		assertThat(this.converter.read(this.converter.write("ä"), byte[].class))
			.isEqualTo("ä".getBytes(StandardCharsets.UTF_8));
		assertUnreadable("text", int.class, "the payload cannot be converted to int");
	}

	@Test
	void bytesBecomeBytes() throws Exception {
		Payload payload = this.converter.write(new byte[] { 1, 2 });
		InputStream stream = (InputStream) this.converter.read(payload, InputStream.class);
		assertThat(stream).isInstanceOf(ByteArrayInputStream.class).hasBinaryContent(new byte[] { 1, 2 });
		assertUnreadable(new byte[1], Point.class,
				"bytes were sent, which cannot be converted to " + Point.class.getName());
		assertUnreadable(new byte[1], String.class, "bytes were sent, which cannot be converted to java.lang.String");
	}

	@Test
	void nothingIsReadForVoid() {
		assertThat(this.converter.read(this.converter.write(new Point(1, 2)), void.class)).isNull();
		assertThat(this.converter.read(this.converter.write("x"), Void.class)).isNull();
	}

	@Test
	void noValueIsAnEmptyOptional() {
		assertThat(this.converter.read(Payload.NULL, new ParameterizedTypeReference<Optional<Point>>() {
		}.getType())).isEqualTo(Optional.empty());
	}

	@Test
	void theValuesOfAnEventHaveTheirTypesByPosition() {
		Payload payload = this.converter
			.writeValues(Arrays.asList("a", 1, null, new Point(1, 2), List.of(3), new byte[] { 4 }));
		assertThat(this.converter.readValues(payload,
				new Type[] { String.class, int.class, Object.class, Point.class, List.class, byte[].class,
						String.class }))
			.containsExactly("a", 1, null, new Point(1, 2), List.of(3), new byte[] { 4 }, null);
		assertThat(this.converter.readValues(payload, new Type[] { String.class })).containsExactly("a");
		assertThat(this.converter.readValues(payload, new Type[0])).isEmpty();
		assertThat(this.converter.read(payload, String.class)).isEqualTo("a");
		assertThat(this.converter.read(payload, Object.class)).asInstanceOf(InstanceOfAssertFactories.LIST).hasSize(6);
	}

	@Test
	void valuesThatAreNoArrayAreAnErrorAndNotAnEndlessLoop() {
		for (String json : List.of("", "1", "1 1", "{}", "[1", "[1}", "null null", "[1] 2", "]", "[1,", "\"")) {
			Payload payload = new Payload(Content.VALUES, json.getBytes(StandardCharsets.UTF_8));
			for (Type[] types : new Type[][] { {}, { int.class }, { int.class, int.class } }) {
				try {
					assertThat(this.converter.readValues(payload, types)).hasSize(types.length);
					assertThat(json).isEqualTo("[1] 2");
				}
				catch (PayloadConversionException ex) {
					// as it should be
				}
			}
		}
	}

	@Test
	void whatIsNoJsonIsAnError() {
		for (String json : List.of("", "{", "nul", "[1,]", "{\"x\":1}}", "1 2", "// comment\n1", "'a'", "NaN")) {
			assertThatExceptionOfType(PayloadConversionException.class).as(json)
				.isThrownBy(() -> this.converter.read(new Payload(Content.JSON, json.getBytes(StandardCharsets.UTF_8)),
						Object.class));
		}
	}

	@Test
	void nestingNamesAndNumbersAreLimited() {
		assertThat(read("[".repeat(200) + "]".repeat(200))).isInstanceOf(List.class);
		assertUnreadable("[".repeat(201) + "]".repeat(201), "nesting depth");
		assertUnreadable("{\"" + "n".repeat(1001) + "\":1}", "Name length");
		assertUnreadable("9".repeat(1001), "Number value length");
		assertUnreadable("\"" + "x".repeat(LIMIT) + "\"", "exceeds the maximum");
		assertThat(read("\"" + "x".repeat(LIMIT - 2) + "\"")).asString().hasSize(LIMIT - 2);
	}

	@Test
	void manySmallValuesAreLimited() {
		PayloadConverter large = new PayloadConverter(JsonMapper.builder().build(), 1_000_000);
		String values = "[" + "{},".repeat(200_000) + "{}]";
		assertThatExceptionOfType(PayloadConversionException.class)
			.isThrownBy(
					() -> large.read(new Payload(Content.JSON, values.getBytes(StandardCharsets.UTF_8)), Object.class))
			.withMessageContaining("Token count");
	}

	private @Nullable Object read(String json) {
		return this.converter.read(new Payload(Content.JSON, json.getBytes(StandardCharsets.UTF_8)), Object.class);
	}

	private void assertUnreadable(String json, String problem) {
		assertThatExceptionOfType(PayloadConversionException.class).isThrownBy(() -> read(json))
			.withMessageContaining(problem);
	}

	private void assertUnreadable(Object sent, Type wanted, String problem) {
		assertThatExceptionOfType(PayloadConversionException.class)
			.isThrownBy(() -> this.converter.read(this.converter.write(sent), wanted))
			.withMessageStartingWith(problem);
	}

	@Test
	void whatCannotBeWrittenIsNamed() {
		Map<String, Object> recursive = new HashMap<>();
		recursive.put("self", recursive);
		assertThatExceptionOfType(PayloadConversionException.class).isThrownBy(() -> this.converter.write(recursive))
			.withMessageStartingWith("a java.util.HashMap cannot be written as JSON: ");
		assertThatExceptionOfType(PayloadConversionException.class)
			.isThrownBy(() -> this.converter.writeValues(Collections.singletonList(recursive)));
	}

	@Test
	void theDefaultTypingOfAMapperIsSwitchedOff() {
		JsonMapper typing = JsonMapper.builder()
			.activateDefaultTyping(BasicPolymorphicTypeValidator.builder().allowIfBaseType(Object.class).build(),
					DefaultTyping.NON_FINAL)
			.build();
		PayloadConverter untyped = new PayloadConverter(typing, LIMIT);
		Payload payload = untyped.write(new LinkedHashMap<>(Map.of("a", 1)));
		assertThat(new String(payload.bytes(), StandardCharsets.UTF_8)).isEqualTo("{\"a\":1}");
		assertThat(untyped.read(payload, Object.class)).isEqualTo(Map.of("a", 1));
		Payload attack = new Payload(Content.JSON,
				("[\"" + Poison.class.getName() + "\",{}]").getBytes(StandardCharsets.UTF_8));
		assertThat(untyped.read(attack, Object.class)).isEqualTo(List.of(Poison.class.getName(), Map.of()));
	}

	@Test
	void aClassThatThePayloadNamesIsNotLoadedWhateverTheWantedTypeSays() {
		for (String json : List.of("{\"@class\":\"%s\"}", "{\"@class\":\"java.lang.Object\"}")) {
			Payload attack = new Payload(Content.JSON,
					json.formatted(Poison.class.getName()).getBytes(StandardCharsets.UTF_8));
			assertThatExceptionOfType(PayloadConversionException.class)
				.isThrownBy(() -> this.converter.read(attack, ByClass.class));
			assertThatExceptionOfType(PayloadConversionException.class)
				.isThrownBy(() -> this.converter.read(attack, new ParameterizedTypeReference<List<ByClass>>() {
				}.getType()));
		}
		Payload name = new Payload(Content.JSON,
				("\"" + Poison.class.getName() + "\"").getBytes(StandardCharsets.UTF_8));
		assertThatExceptionOfType(PayloadConversionException.class)
			.isThrownBy(() -> this.converter.read(name, Class.class))
			.withMessageContaining("a class cannot be sent; send its name as text");
		assertThatExceptionOfType(PayloadConversionException.class).isThrownBy(() -> this.converter
			.read(this.converter.write(Map.of("type", Poison.class.getName())), HasClass.class));
		assertThatExceptionOfType(PayloadConversionException.class)
			.isThrownBy(() -> this.converter.read(this.converter.write(Map.of(Poison.class.getName(), 1)),
					new ParameterizedTypeReference<Map<Class<?>, Integer>>() {
					}.getType()));
		assertThatExceptionOfType(PayloadConversionException.class)
			.isThrownBy(() -> this.converter.read(this.converter.write(Poison.class.getName()), Class.class));
		assertThat(poisoned).isFalse();
	}

	@Test
	void subtypesWithNamesOfTheirOwnWork() {
		assertThat(this.converter.read(this.converter.write(new Cat(9)), Animal.class)).isEqualTo(new Cat(9));
	}

	record Point(int x, int y) {

	}

	record Shape(String name, List<Point> points, Optional<Point> center, @Nullable String note) {

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
	interface ByClass {

	}

	record HasClass(Class<?> type) {

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
	@JsonSubTypes(@JsonSubTypes.Type(value = Cat.class, name = "cat"))
	interface Animal {

	}

	record Cat(int lives) implements Animal {

	}

	static boolean poisoned;

	static final class Poison implements ByClass {

		static {
			poisoned = true;
		}

	}

}
