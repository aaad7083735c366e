package io.ipcboot.docs.guide.travelling;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;

import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.docs.guide.GuideTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.core.ParameterizedTypeReference;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The statements and samples of the page "What travels with a call".
 */
@GuideTest
class TravellingTests {

	@Autowired
	private ChildProcessTemplate workers;

	@Autowired
	private Invoices invoices;

	@BeforeEach
	void setUp() {
		MDC.put("trace", "4711");
		LocaleContextHolder.setLocale(Locale.GERMANY);
	}

	@AfterEach
	void tearDown() {
		MDC.remove("tenant");
		MDC.remove("trace");
		LocaleContextHolder.resetLocaleContext();
	}

	@Test
	void whatIsTiedToTheThreadStaysInTheParent() {
		assertThat(this.workers.<List<String>>call("surroundings", null, new ParameterizedTypeReference<>() {
		})).containsExactly(null, Locale.getDefault().toLanguageTag());
	}

	@Test
	void headersCarryIt() {
		assertThat(this.invoices.invoice(new Order("bolt", new BigDecimal("1.5")))).isEqualTo("bolt: 1,50 (4711)");
		whatIsTiedToTheThreadStaysInTheParent();
	}

	@Test
	void interceptorsCarryItInEveryMessage() {
		assertThat(this.workers.call("tenant", null, String.class)).isNull();
		MDC.put("tenant", "acme");
		assertThat(this.workers.call("tenant", null, String.class)).isEqualTo("acme");
		MDC.remove("tenant");
		assertThat(this.workers.call("tenant", null, String.class)).isNull();
	}

}
