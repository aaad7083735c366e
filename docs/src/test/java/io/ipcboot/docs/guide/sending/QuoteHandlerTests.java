package io.ipcboot.docs.guide.sending;

import java.math.BigDecimal;
import java.time.LocalDate;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The sample of the page "Debug a listener" that needs no workers.
 */
class QuoteHandlerTests {

	// tag::unit[]
	@Test
	void tenBolts() {
		Quote quote = new QuoteHandler().quote(new Order("bolt", 10, LocalDate.EPOCH));
		assertThat(quote.price()).isEqualTo(new BigDecimal("2.00"));
	}
	// end::unit[]

}
