package io.ipcboot.compatibility.management;

import java.nio.file.Files;
import java.nio.file.Path;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.actuate.audit.listener.AuditApplicationEvent;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.event.EventListener;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application whose management has a port of its own.
 */
@SpringBootApplication
@RestController
public class ManagementApplication {

	private static final Log logger = LogFactory.getLog(ManagementApplication.class);

	public static void main(String[] args) {
		if (Files.exists(Path.of(System.getProperty("broken", "broken")))) {
			// only workers start at that time
			Runtime.getRuntime().halt(3);
		}
		SpringApplication.run(ManagementApplication.class, args);
	}

	@EventListener
	void audited(AuditApplicationEvent event) {
		logger.info("audited " + event.getAuditEvent().getData());
	}

	@GetMapping("/hello")
	String hello() {
		return "Hello " + ProcessHandle.current().pid();
	}

}
