package io.ipcboot.demo;

import io.ipcboot.IpcRole;
import io.ipcboot.autoconfigure.ConditionalOnIpcRole;
import io.ipcboot.demo.handoff.ConnectionRouter;
import io.ipcboot.demo.shared.SocketSharing;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Prints the address and the commands to try once the application has started.
 */
@Component
@ConditionalOnIpcRole(IpcRole.PARENT)
class ThingsToTry implements ApplicationRunner {

	private static final String TEXT = """

			Open http://127.0.0.1:{http}/ to render thumbnails, crash workers, and watch them being replaced.

			Three things to try without a browser, in another terminal, in the project's directory:

			1. A worker renders the thumbnail, and may die without affecting anything else
			   curl -s -D - -o thumbnail.jpg -H 'Content-Type: image/jpeg' --data-binary @demo-app/photo.jpg \
			http://127.0.0.1:{http}/thumbnails
			   curl -i -X POST 'http://127.0.0.1:{http}/crash?how=exit'    (or halt, oom, loop)

			2. The parent hands each connection to a pool, by the client's address
			   nc 127.0.0.1 {handoff}
			   nc -s 127.0.0.2 127.0.0.1 {handoff}

			3. Parent and workers accept on the same port
			   for i in 1 2 3 4 5 6; do nc 127.0.0.1 {shared}; done

			Started with --spring.profiles.active=web, two more workers serve the page themselves.

			Ctrl-C ends it, workers included.
			""";

	private final Environment environment;

	private final ConnectionRouter router;

	private final SocketSharing sharing;

	ThingsToTry(Environment environment, ConnectionRouter router, SocketSharing sharing) {
		this.environment = environment;
		this.router = router;
		this.sharing = sharing;
	}

	@Override
	public void run(ApplicationArguments args) {
		System.out.println(TEXT.replace("{http}", this.environment.getRequiredProperty("local.server.port"))
			.replace("{handoff}", Integer.toString(this.router.port()))
			.replace("{shared}", Integer.toString(this.sharing.port())));
	}

}
