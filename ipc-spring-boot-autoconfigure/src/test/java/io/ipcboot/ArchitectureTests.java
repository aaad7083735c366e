package io.ipcboot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.time.Instant;
import java.util.Date;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.Bean;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasModifiers.Predicates.modifier;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

@AnalyzeClasses(packages = "io.ipcboot", importOptions = DoNotIncludeTests.class)
class ArchitectureTests {

	/** Lowest first: a package knows only those before it. */
	private static final List<String> ORDER = List.of("io.ipcboot.handle", "io.ipcboot.channel", "io.ipcboot.messaging",
			"io.ipcboot.process", "io.ipcboot.pool", "io.ipcboot.server", "io.ipcboot", "io.ipcboot.autoconfigure");

	private static final int MAX_LINES = 400;

	@ArchTest
	static final ArchRule packagesAreFreeOfCycles = slices().matching("(io.ipcboot..)").should().beFreeOfCycles();

	@ArchTest
	static final ArchRule packagesKnowOnlyLowerOnes = classes().should(new ArchCondition<>("know only lower packages") {

		@Override
		public void check(JavaClass type, ConditionEvents events) {
			int own = ORDER.indexOf(type.getPackageName());
			events.add(new SimpleConditionEvent(type, own >= 0, type.getName() + " is in no package of the order"));
			type.getDirectDependenciesFromSelf().forEach((dependency) -> {
				String used = dependency.getTargetClass().getPackageName();
				if (ORDER.contains(used)) {
					events.add(new SimpleConditionEvent(type, ORDER.indexOf(used) <= own, dependency.getDescription()));
				}
			});
		}

	});

	@ArchTest
	static final ArchRule processDoesNotKnowMessaging = noClasses().that()
		.resideInAPackage("io.ipcboot.process")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("io.ipcboot.messaging");

	@ArchTest
	static final ArchRule onlyHandleNamesJunixsocket = noClasses().that()
		.resideOutsideOfPackage("io.ipcboot.handle")
		.should()
		.dependOnClassesThat(resideInAnyPackage("org.newsclub..", "sun.."));

	@ArchTest
	static final ArchRule onlyAutoconfigureKnowsSpringBoot = noClasses().that()
		.resideOutsideOfPackage("io.ipcboot.autoconfigure")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("org.springframework.boot..");

	@ArchTest
	static final ArchRule packagesAreNullMarked = classes().should(new ArchCondition<>("be in a @NullMarked package") {

		@Override
		public void check(JavaClass type, ConditionEvents events) {
			JavaPackage owner = type.getPackage();
			events.add(new SimpleConditionEvent(type, owner.isAnnotatedWith(NullMarked.class),
					owner.getName() + " is not @NullMarked"));
		}

	});

	@ArchTest
	static final ArchRule noJavaSerialization = noClasses().should()
		.dependOnClassesThat()
		.haveFullyQualifiedName("java.io.ObjectInputStream");

	@ArchTest
	static final ArchRule autoConfigurationsArePublicFinalAndOfferNothing = classes().that()
		.areAnnotatedWith(AutoConfiguration.class)
		.should()
		.haveSimpleNameEndingWith("AutoConfiguration")
		.andShould()
		.bePublic()
		.andShould()
		.haveModifier(JavaModifier.FINAL)
		.andShould(new ArchCondition<>("have no public members") {

			@Override
			public void check(JavaClass type, ConditionEvents events) {
				type.getMethods()
					.stream()
					.filter(modifier(JavaModifier.PUBLIC))
					.forEach((method) -> events.add(SimpleConditionEvent.violated(method, method.getDescription())));
			}

		});

	@ArchTest
	static final ArchRule conditionsAreNotPublic = classes().that()
		.areAssignableTo(SpringBootCondition.class)
		.should()
		.notBePublic();

	@ArchTest
	static final ArchRule beanMethodsAreNotPublic = methods().that()
		.areAnnotatedWith(Bean.class)
		.should()
		.notBePublic();

	@ArchTest
	static final ArchRule postProcessorsAreMadeByStaticMethods = methods().that()
		.areAnnotatedWith(Bean.class)
		.and(returnType(assignableTo(BeanPostProcessor.class).or(assignableTo(BeanFactoryPostProcessor.class))))
		.should()
		.beStatic();

	@ArchTest
	static final ArchRule caseConversionsNameALocale = noClasses().should()
		.callMethod(String.class, "toLowerCase")
		.orShould()
		.callMethod(String.class, "toUpperCase");

	/** Deadlines must not depend on a clock that somebody sets. */
	@ArchTest
	static final ArchRule nobodyLooksAtTheClock = noClasses().should()
		.callMethod(System.class, "currentTimeMillis")
		.orShould()
		.dependOnClassesThat()
		.haveFullyQualifiedName("java.time.Clock")
		.orShould()
		.callMethod(Instant.class, "now")
		.orShould()
		.callConstructor(Date.class);

	@Test
	void noClassIsLong() throws IOException {
		try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
			assertThat(sources.filter((path) -> path.toString().endsWith(".java")))
				.allSatisfy((source) -> assertThat(Files.readAllLines(source).size()).as(source.toString())
					.isLessThan(MAX_LINES));
		}
	}

	private static DescribedPredicate<JavaMethod> returnType(DescribedPredicate<JavaClass> predicate) {
		return DescribedPredicate.describe("return " + predicate.getDescription(),
				(method) -> predicate.test(method.getRawReturnType()));
	}

}
