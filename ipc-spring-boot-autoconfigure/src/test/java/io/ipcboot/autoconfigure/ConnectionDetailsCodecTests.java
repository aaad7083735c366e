package io.ipcboot.autoconfigure;

import java.net.URI;
import java.util.List;

import io.ipcboot.autoconfigure.ExistingApplicationTests.StoreConnectionDetails;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Connection details arrive as they are, or are refused.
 */
class ConnectionDetailsCodecTests {

	private final ConnectionDetailsCodec codec = new ConnectionDetailsCodec();

	@Test
	void everyFormOfValueArrives() {
		StoreConnectionDetails details = copy(new StoreConnectionDetails() {

			@Override
			public List<Node> nodes() {
				return List.of(new Node("a", 1), new Node("b", 2));
			}

			@Override
			public Login login() {
				return () -> "reader";
			}

			@Override
			public URI address() {
				return URI.create("tls://store/");
			}

		});
		assertThat(details.nodes()).containsExactly(new StoreConnectionDetails.Node("a", 1),
				new StoreConnectionDetails.Node("b", 2));
		assertThat(details.login().user()).isEqualTo("reader");
		assertThat(details.address()).isEqualTo(URI.create("tls://store/"));
		assertThat(details).isEqualTo(details)
			.hasSameHashCodeAs(details)
			.hasToString("the parent's StoreConnectionDetails");
	}

	@Test
	void whatIsNotThereStaysAway() {
		StoreConnectionDetails details = copy(() -> List.of());
		assertThat(details.nodes()).isEmpty();
		assertThat(details.login()).isNull();
		assertThat(details.address()).isNull();
	}

	@Test
	void aTextWithATypeOfItsOwnArrives() {
		TextConnectionDetails details = (TextConnectionDetails) read(
				this.codec.write((TextConnectionDetails) () -> new Text("mongodb://a,b/c")));
		assertThat(details.text().getText()).isEqualTo("mongodb://a,b/c");
	}

	@Test
	void aValueWithoutATextIsRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.codec.write((RiskReportTests.OddConnectionDetails) Thread::currentThread))
			.withMessageContaining("java.lang.Thread");
	}

	@Test
	void detailsOfALibraryThatIsMissingAreLeftOut() {
		assertThat(read("{\"types\":[\"com.example.MissingConnectionDetails\"],\"values\":{}}")).isNull();
	}

	private StoreConnectionDetails copy(StoreConnectionDetails details) {
		return (StoreConnectionDetails) read(this.codec.write(details));
	}

	private @Nullable ConnectionDetails read(String json) {
		return this.codec.read(json, getClass().getClassLoader());
	}

	interface TextConnectionDetails extends ConnectionDetails {

		Text text();

	}

	public static class Text {

		private final String text;

		public Text(String text) {
			this.text = text;
		}

		public String getText() {
			return this.text;
		}

	}

}
