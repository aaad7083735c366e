package io.ipcboot.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The argument file for a long class path.
 */
class ArgumentFileTests {

	@Test
	void onlyALongClassPathIsTooLong() {
		assertThat(ArgumentFile.isTooLong("x".repeat(ArgumentFile.MAX_ARGUMENT))).isFalse();
		assertThat(ArgumentFile.isTooLong("x".repeat(ArgumentFile.MAX_ARGUMENT + 1))).isTrue();
	}

	@Test
	void theArgumentsStandInAFileThatOnlyTheOwnerCanRead(@TempDir Path directory) throws IOException {
		Path file = ArgumentFile.create(directory, List.of("-Da=b c", "-cp", "x.jar"));
		try {
			assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
			assertThat(file).hasContent("\"-Da=b c\"\n\"-cp\"\n\"x.jar\"");
		}
		finally {
			ArgumentFile.delete(file);
		}
		assertThat(file).doesNotExist();
		ArgumentFile.delete(file);
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '`', textBlock = """
			/a/b.jar,            "/a/b.jar"
			/with space/#b,      "/with space/#b"
			C:\\dir\\x,          "C:\\\\dir\\\\x"
			/it's/a "quote",     "/it's/a \\"quote\\""
			""")
	void whatTheJavaCommandTreatsSpeciallyIsQuoted(String argument, String quoted) {
		assertThat(ArgumentFile.quote(argument)).isEqualTo(quoted);
	}

	@Test
	void controlCharactersAreQuoted() {
		assertThat(ArgumentFile.quote("a\nb\rc\td\fe")).isEqualTo("\"a\\nb\\rc\\td\\fe\"");
	}

}
