package io.ipcboot.docs.guide.forking;

import io.ipcboot.ForkOptions;
import io.ipcboot.autoconfigure.ForkOptionsCustomizer;

import org.springframework.stereotype.Component;

// tag::customizer[]
@Component
class ReportWorkers implements ForkOptionsCustomizer {

	@Override
	public void customize(String pool, ForkOptions options) {
		if (pool.equals("reports")) {
			options.systemProperty("report.encoding", System.getProperty("native.encoding"));
		}
	}

}
// end::customizer[]
