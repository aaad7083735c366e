@NullMarked
package io.ipcboot.compatibility.kafka;

import org.jspecify.annotations.NullMarked;
