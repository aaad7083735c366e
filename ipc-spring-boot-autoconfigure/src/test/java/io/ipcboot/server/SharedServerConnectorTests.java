package io.ipcboot.server;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class SharedServerConnectorTests {

	@ParameterizedTest
	@CsvSource({ "0, 1, 1", "0, -1, 1", "1, 1, 1", "2, 1, 2" })
	void itServesWithAnyNumberOfThreads(int acceptors, int selectors, int accepting) throws Exception {
		Server server = new Server();
		ServerConnector original = new ServerConnector(server, acceptors, selectors);
		original.setHost("127.0.0.1");
		ParentSockets sockets = new ParentSockets(new ServerDeparture(), true);
		SharedServerConnector shared = new SharedServerConnector(original, sockets);
		server.addConnector(shared);
		server.setHandler(new Greeting());
		try {
			server.start();
			assertThat(shared.getAcceptors()).isEqualTo(accepting);
			HttpRequest request = HttpRequest
				.newBuilder(URI.create("http://127.0.0.1:%d/".formatted(shared.getLocalPort())))
				.build();
			assertThat(HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body())
				.isEqualTo("hello");
		}
		finally {
			server.stop();
			sockets.close();
		}
	}

	private static final class Greeting extends Handler.Abstract {

		@Override
		public boolean handle(Request request, Response response, Callback callback) {
			Content.Sink.write(response, true, "hello", callback);
			return true;
		}

	}

}
