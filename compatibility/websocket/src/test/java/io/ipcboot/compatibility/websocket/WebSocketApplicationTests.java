package io.ipcboot.compatibility.websocket;

import java.lang.reflect.Type;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.ipcboot.compatibility.ApplicationTests;
import io.ipcboot.compatibility.Mode;
import io.ipcboot.compatibility.RunningApplication;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.messaging.converter.StringMessageConverter;
import org.springframework.messaging.simp.stomp.StompFrameHandler;
import org.springframework.messaging.simp.stomp.StompHeaders;
import org.springframework.messaging.simp.stomp.StompSession;
import org.springframework.messaging.simp.stomp.StompSessionHandlerAdapter;
import org.springframework.web.socket.client.standard.StandardWebSocketClient;
import org.springframework.web.socket.messaging.WebSocketStompClient;

import static org.assertj.core.api.Assertions.assertThat;

class WebSocketApplicationTests extends ApplicationTests {

	@ParameterizedTest
	@EnumSource(names = { "POOL", "SHARED" })
	void aSubscriberGetsWhatIsSentOnItsConnection(Mode mode) throws Exception {
		try (RunningApplication application = start(WebSocketApplication.class, mode)) {
			application.untilEachProcessAnswered(() -> greet(application));
			assertThat(application.lines("in-memory-state:")).hasSize((mode == Mode.SHARED) ? 1 : 0);
		}
	}

	private static long greet(RunningApplication application) {
		WebSocketStompClient client = new WebSocketStompClient(new StandardWebSocketClient());
		client.setMessageConverter(new StringMessageConverter());
		BlockingQueue<String> greetings = new LinkedBlockingQueue<>();
		try {
			StompSession session = client.connectAsync(application.uri("/stomp").toString().replace("http:", "ws:"),
					new StompSessionHandlerAdapter() {
					})
				.get(30, TimeUnit.SECONDS);
			session.subscribe("/topic/greetings", new StompFrameHandler() {

				@Override
				public Type getPayloadType(StompHeaders headers) {
					return String.class;
				}

				@Override
				public void handleFrame(StompHeaders headers, @Nullable Object payload) {
					greetings.add(String.valueOf(payload));
				}

			});
			session.send("/app/greet", "Ada");
			String greeting = greetings.poll(30, TimeUnit.SECONDS);
			assertThat(greeting).startsWith("Hello Ada ");
			session.disconnect();
			return Long.parseLong(greeting.substring("Hello Ada ".length()));
		}
		catch (Exception ex) {
			throw new AssertionError(ex);
		}
		finally {
			client.stop();
		}
	}

}
