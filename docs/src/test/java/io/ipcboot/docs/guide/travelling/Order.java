package io.ipcboot.docs.guide.travelling;

import java.math.BigDecimal;

record Order(String article, BigDecimal price) {

}
