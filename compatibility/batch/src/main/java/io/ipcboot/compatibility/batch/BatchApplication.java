package io.ipcboot.compatibility.batch;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/**
 * An application that runs a job and ends with its result.
 */
@SpringBootApplication
public class BatchApplication {

	private static final Log logger = LogFactory.getLog(BatchApplication.class);

	public static void main(String[] args) {
		System.exit(SpringApplication.exit(SpringApplication.run(BatchApplication.class, args)));
	}

	@Bean
	Job billing(JobRepository repository) {
		return new JobBuilder("billing", repository)
			.start(new StepBuilder("bills", repository).tasklet((contribution, chunk) -> {
				logger.info("Billing runs in " + ProcessHandle.current().pid());
				if (chunk.getStepContext().getJobParameters().containsKey("failing")) {
					throw new IllegalStateException("no paper");
				}
				return RepeatStatus.FINISHED;
			}).build())
			.build();
	}

}
