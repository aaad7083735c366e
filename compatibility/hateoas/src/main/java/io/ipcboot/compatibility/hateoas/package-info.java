@NullMarked
package io.ipcboot.compatibility.hateoas;

import org.jspecify.annotations.NullMarked;
