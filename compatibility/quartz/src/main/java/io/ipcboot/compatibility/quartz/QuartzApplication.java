package io.ipcboot.compatibility.quartz;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.JobExecutionContext;
import org.quartz.SchedulerException;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.scheduling.quartz.SchedulerFactoryBean;

/**
 * An application that sets up a scheduler of Quartz itself.
 */
@SpringBootApplication
public class QuartzApplication {

	public static void main(String[] args) {
		SpringApplication.run(QuartzApplication.class, args);
	}

	@Bean
	JobDetail job() {
		return JobBuilder.newJob(Logging.class).withIdentity("provided").storeDurably().build();
	}

	@Bean
	Trigger trigger(JobDetail job) {
		return TriggerBuilder.newTrigger().forJob(job).startNow().build();
	}

	/** Set up in code, so no property of Spring Boot applies to it. */
	@Bean("quartzScheduler")
	SchedulerFactoryBean scheduler(JobDetail job, Trigger trigger) {
		SchedulerFactoryBean scheduler = new SchedulerFactoryBean();
		scheduler.setAutoStartup(true);
		scheduler.setJobDetails(job);
		scheduler.setTriggers(trigger);
		return scheduler;
	}

	/**
	 * A job that leaves a trace.
	 */
	public static class Logging implements Job {

		private static final Log logger = LogFactory.getLog(Logging.class);

		@Override
		public void execute(JobExecutionContext context) {
			try {
				logger.info("%s ran in %d with %s".formatted(context.getJobDetail().getKey().getName(),
						ProcessHandle.current().pid(), context.getScheduler().getSchedulerName()));
			}
			catch (SchedulerException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}
