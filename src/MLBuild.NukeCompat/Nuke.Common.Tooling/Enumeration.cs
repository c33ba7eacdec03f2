#nullable disable
using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using MLBuild.NukeCompat;

namespace Nuke.Common.Tooling;

/// <summary>Base of classes whose static fields are their only values. As a parameter, a value is given by the name
/// of its field, in any case.</summary>
public abstract class Enumeration
{
    protected string Value { get; set; }

    public static implicit operator string(Enumeration value) => value?.Value;

    public static bool operator ==(Enumeration a, Enumeration b) => Equals(a, b);

    public static bool operator !=(Enumeration a, Enumeration b) => !Equals(a, b);

    protected bool Equals(Enumeration other) => Value == other.Value;

    public override bool Equals(object obj) =>
        obj is Enumeration other && other.GetType() == GetType() && Equals(other);

    public override int GetHashCode() => Value?.GetHashCode(StringComparison.Ordinal) ?? 0;

    public override string ToString() => Value;

    public class TypeConverter<T> : TypeConverter
    {
        public override bool CanConvertFrom(ITypeDescriptorContext context, Type sourceType) =>
            sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

        public override object ConvertFrom(ITypeDescriptorContext context, CultureInfo culture, object value)
        {
            if (value is not string text)
                return base.ConvertFrom(context, culture, value);
            return ValueConversion.TryConvert([text], typeof(T), out var result)
                ? result
                : throw new FormatException($"'{text}', expected {ValueConversion.Expectation(typeof(T))}.");
        }
    }
}

/// <summary>The text that an enum's value has in other programs.</summary>
[AttributeUsage(AttributeTargets.Field)]
public class EnumValueAttribute : Attribute
{
    public EnumValueAttribute(string value) => Value = value;

    public string Value { get; }
}

/// <summary>Reads <see cref="EnumValueAttribute"/>.</summary>
public static class EnumerationExtensions
{
    public static string GetValue<T>(this T value)
        where T : Enum =>
        typeof(T).GetField(value.ToString())?.GetCustomAttribute<EnumValueAttribute>()?.Value ?? value.ToString();
}
