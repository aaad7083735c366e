package io.ipcboot.docs.guide.travelling;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import io.ipcboot.IpcListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.stereotype.Component;

/**
 * The worker's side of the page "What travels with a call".
 */
@Component
class InvoicePrinter {

	private static final Logger logger = LoggerFactory.getLogger(InvoicePrinter.class);

	// tag::worker[]
	@IpcListener("print-invoice")
	String print(Order order, @Header String trace, @Header Locale locale) { // <1>
		MDC.put("trace", trace);
		LocaleContextHolder.setLocale(locale);
		try {
			logger.info("printing an invoice for {}", order.article());
			return text(order);
		}
		finally { // <2>
			MDC.remove("trace");
			LocaleContextHolder.resetLocaleContext();
		}
	}
	// end::worker[]

	private static String text(Order order) {
		return "%s: %s (%s)".formatted(order.article(),
				String.format(LocaleContextHolder.getLocale(), "%.2f", order.price()), MDC.get("trace"));
	}

	@IpcListener("tenant")
	@Nullable String tenant() {
		return MDC.get("tenant");
	}

	@IpcListener("surroundings")
	List<String> surroundings() {
		return Arrays.asList(MDC.get("trace"), LocaleContextHolder.getLocale().toLanguageTag());
	}

}
