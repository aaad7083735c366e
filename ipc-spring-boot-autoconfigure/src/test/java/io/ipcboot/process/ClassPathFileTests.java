package io.ipcboot.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The argument file for a long class path.
 */
class ClassPathFileTests {

	@Test
	void anOrdinaryClassPathNeedsNoFile() throws IOException {
		assertThat(ClassPathFile.createIfNeeded(null)).isNull();
		assertThat(ClassPathFile.createIfNeeded("x".repeat(ClassPathFile.MAX_ARGUMENT))).isNull();
	}

	@Test
	void aLongClassPathStandsInAFileThatOnlyTheOwnerCanRead() throws IOException {
		Path file = ClassPathFile.createIfNeeded("x".repeat(ClassPathFile.MAX_ARGUMENT + 1));
		assertThat(file).isNotNull();
		try {
			assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
			assertThat(file).hasContent("-cp \"" + "x".repeat(ClassPathFile.MAX_ARGUMENT + 1) + '"');
		}
		finally {
			ClassPathFile.delete(file);
		}
		assertThat(file).doesNotExist();
		ClassPathFile.delete(file);
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '`', textBlock = """
			/a/b.jar,            "/a/b.jar"
			/with space/#b,      "/with space/#b"
			C:\\dir\\x,          "C:\\\\dir\\\\x"
			/it's/a "quote",     "/it's/a \\"quote\\""
			""")
	void whatTheJavaCommandTreatsSpeciallyIsQuoted(String argument, String quoted) {
		assertThat(ClassPathFile.quote(argument)).isEqualTo(quoted);
	}

	@Test
	void controlCharactersAreQuoted() {
		assertThat(ClassPathFile.quote("a\nb\rc\td\fe")).isEqualTo("\"a\\nb\\rc\\td\\fe\"");
	}

}
