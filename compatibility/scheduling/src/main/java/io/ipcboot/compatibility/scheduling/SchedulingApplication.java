package io.ipcboot.compatibility.scheduling;

import java.time.Duration;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.config.ScheduledTaskRegistrar;

/**
 * An application with a job that is annotated and one that code registers.
 */
@SpringBootApplication
@EnableScheduling
public class SchedulingApplication implements SchedulingConfigurer {

	private static final Log logger = LogFactory.getLog(SchedulingApplication.class);

	public static void main(String[] args) {
		SpringApplication.run(SchedulingApplication.class, args);
	}

	@Scheduled(fixedDelay = 100)
	void annotated() {
		logger.info("Annotated job ran in " + ProcessHandle.current().pid());
	}

	@Override
	public void configureTasks(ScheduledTaskRegistrar registrar) {
		registrar.addFixedDelayTask(() -> logger.info("Registered job ran in " + ProcessHandle.current().pid()),
				Duration.ofMillis(100));
	}

}
