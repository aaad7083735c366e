package io.ipcboot.docs.guide.sending;

import java.time.LocalDate;

// tag::type[]
record Order(String article, int amount, LocalDate day) {

}
// end::type[]
