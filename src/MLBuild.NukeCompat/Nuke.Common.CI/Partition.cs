#nullable disable
using System.ComponentModel;
using System.Globalization;
using MLBuild.NukeCompat;

namespace Nuke.Common.CI;

/// <summary>This machine's part of work that several share: <c>--partition 1/3</c>.</summary>
[TypeConverter(typeof(TypeConverter))]
public class Partition
{
    public static Partition Single { get; } = new() { Part = 1, Total = 1 };

    /// <summary>From 1 to <see cref="Total"/>.</summary>
    public int Part { get; set; }

    public int Total { get; set; }

    public bool IsIn(int part) => Total == 1 || part == Part;

    /// <summary>Every <see cref="Total"/>th item, so that equal inputs give machines disjoint parts.</summary>
    public IEnumerable<T> GetCurrent<T>(IEnumerable<T> enumerable) =>
        enumerable.Where((_, index) => index % Total == Part - 1);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Part}/{Total}");

    public class TypeConverter : System.ComponentModel.TypeConverter
    {
        public override bool CanConvertFrom(ITypeDescriptorContext context, Type sourceType) =>
            sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

        public override object ConvertFrom(ITypeDescriptorContext context, CultureInfo culture, object value)
        {
            if (value is not string text)
                return base.ConvertFrom(context, culture, value);
            return text.Split('/') is [var left, var right]
                && int.TryParse(left, NumberStyles.None, CultureInfo.InvariantCulture, out var part)
                && int.TryParse(right, NumberStyles.None, CultureInfo.InvariantCulture, out var total)
                && part >= 1 && part <= total
                ? new Partition { Part = part, Total = total }
                : throw new FormatException(
                    $"Partition is '{text}', expected {ValueConversion.Expectation(typeof(Partition))}.");
        }
    }
}
