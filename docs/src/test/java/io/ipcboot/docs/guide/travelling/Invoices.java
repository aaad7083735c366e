package io.ipcboot.docs.guide.travelling;

import io.ipcboot.ChildProcessTemplate;
import org.slf4j.MDC;

import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.stereotype.Service;

/**
 * The parent's side of the page "What travels with a call".
 */
@Service
class Invoices {

	private final ChildProcessTemplate workers;

	Invoices(ChildProcessTemplate workers) {
		this.workers = workers;
	}

	// tag::parent[]
	String invoice(Order order) {
		return this.workers.destination("print-invoice")
			.message(order)
			.header("trace", MDC.get("trace")) // <1>
			.header("locale", LocaleContextHolder.getLocale().toLanguageTag())
			.call(String.class);
	}
	// end::parent[]

}
