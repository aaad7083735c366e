package io.ipcboot.compatibility.webservices;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.ipcboot.compatibility.ApplicationTests;
import io.ipcboot.compatibility.Mode;
import io.ipcboot.compatibility.RunningApplication;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

class WebServicesApplicationTests extends ApplicationTests {

	private static final Pattern GREETING = Pattern.compile("<greeting[^>]*>Hello Ada (\\d+)</greeting>");

	private static final String REQUEST = """
			<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>\
			<greet xmlns="urn:greetings">Ada</greet></e:Body></e:Envelope>""";

	@ParameterizedTest
	@EnumSource(names = { "POOL", "SHARED" })
	void anEndpointAnswers(Mode mode) throws Exception {
		try (RunningApplication application = start(WebServicesApplication.class, mode)) {
			application.untilEachProcessAnswered(() -> {
				String response = application.exchange("/services", "text/xml", REQUEST).body();
				Matcher greeting = GREETING.matcher(response);
				assertThat(greeting.find()).as(response).isTrue();
				return Long.parseLong(greeting.group(1));
			});
		}
	}

}
