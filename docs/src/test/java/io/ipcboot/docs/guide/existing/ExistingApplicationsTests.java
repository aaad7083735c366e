package io.ipcboot.docs.guide.existing;

import java.util.List;

import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.docs.guide.GuideTest;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.ParameterizedTypeReference;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The statements and the sample of the page "Add it to an application that exists".
 */
@GuideTest
class ExistingApplicationsTests {

	@Autowired
	private ChildProcessTemplate workers;

	@Autowired
	private Customers customers;

	@Test
	void onlyTheParentSeedsAndEachProcessHasItsOwnMemory() {
		assertThat(this.customers.names()).containsExactly("Ada");
		List<String> inWorker = this.workers.call("customers", null, new ParameterizedTypeReference<>() {
		});
		assertThat(inWorker).isEmpty();
	}

}
