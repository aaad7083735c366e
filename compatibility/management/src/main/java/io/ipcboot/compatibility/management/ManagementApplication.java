package io.ipcboot.compatibility.management;

import java.nio.file.Files;
import java.nio.file.Path;

import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.IpcListener;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.audit.listener.AuditApplicationEvent;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application whose management has a port of its own.
 */
@SpringBootApplication
@RestController
public class ManagementApplication {

	static final String HOSTILE = "<img src=x onerror=alert(1)>";

	private static final Log logger = LogFactory.getLog(ManagementApplication.class);

	private final ChildProcessTemplate workers;

	ManagementApplication(ChildProcessTemplate workers) {
		this.workers = workers;
	}

	public static void main(String[] args) {
		if (Files.exists(Path.of(System.getProperty("broken", "broken")))) {
			// only workers start at that time
			Runtime.getRuntime().halt(3);
		}
		SpringApplication.run(ManagementApplication.class, args);
	}

	/** Nobody is to see what this application calls a secret. */
	@Bean
	static SanitizingFunction secrets() {
		return SanitizingFunction.sanitizeValue().ifValueStringMatches(".*a secret.*");
	}

	@EventListener
	void audited(AuditApplicationEvent event) {
		logger.info("audited " + event.getAuditEvent().getData());
	}

	@GetMapping("/hello")
	String hello() {
		return "Hello " + ProcessHandle.current().pid();
	}

	/** Let one worker have a call, and another one a message. */
	@GetMapping("/hold")
	void hold() {
		this.workers.callAsync("render", null, String.class);
		this.workers.send(HOSTILE, null);
	}

	@IpcListener("render")
	String held() throws InterruptedException {
		while (!Files.exists(Path.of("release"))) {
			Thread.sleep(20);
		}
		return "released";
	}

	@IpcListener(HOSTILE)
	void hostile() throws InterruptedException {
		System.out.println("It prints a secret");
		System.out.println("It prints " + HOSTILE);
		held();
	}

}
