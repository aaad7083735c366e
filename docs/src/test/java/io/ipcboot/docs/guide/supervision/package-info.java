@NullMarked
package io.ipcboot.docs.guide.supervision;

import org.jspecify.annotations.NullMarked;
