package io.ipcboot.messaging;

import java.util.EnumSet;
import java.util.Set;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.AnnotationIntrospector;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.AnnotatedField;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedMethod;
import tools.jackson.databind.introspect.AnnotationIntrospectorPair;
import tools.jackson.databind.introspect.VisibilityChecker;

/**
 * The annotations of types as they count for payloads. Annotations that only change how
 * values look, or which of them are shown to others, do not count. All fields of the
 * application's classes are properties, whether there are methods for them or not.
 */
final class PayloadAnnotations extends AnnotationIntrospectorPair {

	/** The forms that make an object of something else, without which state is lost. */
	private static final Set<JsonFormat.Shape> STRUCTURES = EnumSet.of(JsonFormat.Shape.OBJECT, JsonFormat.Shape.POJO,
			JsonFormat.Shape.ARRAY);

	/** Nothing is left out of a payload. */
	static final JsonInclude.Value ALL_INCLUDED = JsonInclude.Value.construct(JsonInclude.Include.ALWAYS,
			JsonInclude.Include.ALWAYS);

	/**
	 * @param annotations the annotations as they count elsewhere
	 */
	PayloadAnnotations(AnnotationIntrospector annotations) {
		super(annotations, AnnotationIntrospector.nopInstance());
	}

	@Override
	public JsonInclude.Value findPropertyInclusion(MapperConfig<?> config, Annotated annotated) {
		return ALL_INCLUDED;
	}

	@Override
	public JsonFormat.@Nullable Value findFormat(MapperConfig<?> config, Annotated annotated) {
		JsonFormat.Value format = super.findFormat(config, annotated);
		return (format != null && STRUCTURES.contains(format.getShape())) ? JsonFormat.Value.forShape(format.getShape())
				: null;
	}

	@Override
	public JsonProperty.@Nullable Access findPropertyAccess(MapperConfig<?> config, Annotated annotated) {
		return null;
	}

	@Override
	public @Nullable Object findFilterId(MapperConfig<?> config, Annotated annotated) {
		return null;
	}

	@Override
	public VisibilityChecker findAutoDetectVisibility(MapperConfig<?> config, AnnotatedClass type,
			VisibilityChecker checker) {
		return new FieldsToo(super.findAutoDetectVisibility(config, type, checker));
	}

	/**
	 * Fields are visible, unless their class belongs to the Java platform.
	 */
	private static final class FieldsToo extends VisibilityChecker {

		private final VisibilityChecker usual;

		FieldsToo(VisibilityChecker usual) {
			super(JsonAutoDetect.Visibility.DEFAULT);
			this.usual = usual;
		}

		@Override
		public VisibilityChecker withOverrides(JsonAutoDetect.Value overrides) {
			return new FieldsToo(this.usual.withOverrides(overrides));
		}

		@Override
		public boolean isFieldVisible(AnnotatedField field) {
			return CompleteState.isState(field.getAnnotated()) || this.usual.isFieldVisible(field);
		}

		@Override
		public boolean isGetterVisible(AnnotatedMethod method) {
			return this.usual.isGetterVisible(method);
		}

		@Override
		public boolean isIsGetterVisible(AnnotatedMethod method) {
			return this.usual.isIsGetterVisible(method);
		}

		@Override
		public boolean isSetterVisible(AnnotatedMethod method) {
			return this.usual.isSetterVisible(method);
		}

		@Override
		public boolean isCreatorVisible(AnnotatedMember member) {
			return this.usual.isCreatorVisible(member);
		}

		@Override
		public boolean isScalarConstructorVisible(AnnotatedMember member) {
			return this.usual.isScalarConstructorVisible(member);
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof FieldsToo same && this.usual.equals(same.usual);
		}

		@Override
		public int hashCode() {
			return this.usual.hashCode();
		}

	}

}
