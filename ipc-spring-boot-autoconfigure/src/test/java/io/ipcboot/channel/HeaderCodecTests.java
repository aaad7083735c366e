package io.ipcboot.channel;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class HeaderCodecTests {

	@Test
	void namesAndValuesSurviveTheWireInTheirOrder() throws Exception {
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put("tenant", "Ærøskøbing");
		headers.put("", "");
		headers.put("表情", "😀\u0000\n");
		headers.put("long", "x".repeat(50_000));
		byte[] bytes = HeaderCodec.encode(headers);
		Map<String, String> decoded = HeaderCodec.decode(bytes, 0, bytes.length);
		assertThat(decoded).isEqualTo(headers);
		assertThat(decoded.keySet()).containsExactlyElementsOf(headers.keySet());
	}

	@Test
	void noHeadersTakeNoBytes() throws Exception {
		assertThat(HeaderCodec.encode(Map.of())).isEmpty();
		assertThat(HeaderCodec.decode(new byte[0], 0, 0)).isEmpty();
	}

	@Test
	void moreThanAFrameCanHaveIsRefused() {
		int fits = HeaderCodec.MAX_LENGTH - HeaderCodec.NAME_ROOM - 2 - 2 - 1 - 4;
		assertThat(HeaderCodec.encode(Map.of("a", "x".repeat(fits)))).hasSize(60 * 1024);
		assertThatIllegalArgumentException().isThrownBy(() -> HeaderCodec.encode(Map.of("a", "x".repeat(fits + 1))))
			.withMessage("The headers of a message take 61,441 bytes; the limit is 61,440 bytes");
		assertThatIllegalArgumentException().isThrownBy(() -> HeaderCodec.encode(Map.of("n".repeat(70_000), "")));
	}

	@Test
	void moreThanThereMayBeAreRefused() {
		Map<String, String> headers = new LinkedHashMap<>();
		for (int i = 0; i < 1000; i++) {
			headers.put("h" + i, "");
		}
		assertThat(HeaderCodec.encode(headers)).isNotEmpty();
		headers.put("one more", "");
		assertThatIllegalArgumentException().isThrownBy(() -> HeaderCodec.encode(headers))
			.withMessage("A message has 1,001 headers; the limit is 1,000");
	}

	@Test
	void theLongestNameOfADestinationFitsIntoWhatIsLeft() {
		int fits = HeaderCodec.MAX_LENGTH - HeaderCodec.NAME_ROOM - 2 - 2 - 1 - 4;
		String name = "字".repeat(ChannelOptions.MAX_DESTINATION_LENGTH);
		byte[] bytes = HeaderCodec.encodeWith(DestinationNames.HEADER, name, Map.of("a", "x".repeat(fits)));
		assertThat(bytes.length).isLessThanOrEqualTo(HeaderCodec.MAX_LENGTH);
	}

	@Test
	void everyTruncationIsNoticed() {
		byte[] bytes = HeaderCodec.encode(Map.of("tenant", "blue"));
		for (int length = 1; length < bytes.length; length++) {
			byte[] truncated = Arrays.copyOf(bytes, length);
			assertThatExceptionOfType(MalformedFrameException.class)
				.isThrownBy(() -> HeaderCodec.decode(truncated, 0, truncated.length));
		}
		byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
		assertThatExceptionOfType(MalformedFrameException.class)
			.isThrownBy(() -> HeaderCodec.decode(longer, 0, longer.length));
	}

	@Test
	void randomBytesAreHeadersOrAnError() {
		long seed = 4711;
		Random random = new Random(seed);
		for (int i = 0; i < 50_000; i++) {
			byte[] bytes = new byte[1 + random.nextInt(40)];
			random.nextBytes(bytes);
			bytes[0] = 0;
			bytes[1 % bytes.length] = (byte) random.nextInt(3);
			try {
				HeaderCodec.decode(bytes, 0, bytes.length);
			}
			catch (MalformedFrameException ex) {
				// this is how it should be
			}
			catch (RuntimeException ex) {
				throw new AssertionError("seed " + seed + ", input " + i, ex);
			}
		}
	}

}
