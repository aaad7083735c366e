package io.ipcboot.docs.guide.sending;

import java.math.BigDecimal;

// tag::type[]
record Quote(String article, BigDecimal price) {

}
// end::type[]
