package io.ipcboot.docs.guide.listening;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Positive;

// tag::type[]
record Booking(@NotBlank String guest, @Positive int nights) {

}
// end::type[]
