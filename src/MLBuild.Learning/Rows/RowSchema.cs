using System.Reflection;

namespace MLBuild.Learning.Rows;

/// <summary>The columns of a row type, in the order in which its properties are declared: the one description that the
/// CSV reader, the Parquet reader and writer, the contract and the server all use.</summary>
/// <typeparam name="TRow">A class with a parameterless constructor whose properties carry
/// <see cref="ColumnAttribute"/>.</typeparam>
public sealed class RowSchema<TRow>
    where TRow : class, new()
{
    // Not in a static constructor: its exceptions would arrive wrapped in one that names a type and no fault.
    private static readonly Lazy<RowSchema<TRow>> Lazily = new(Read);

    private readonly Dictionary<string, Column<TRow>> _byName;

    private RowSchema(IReadOnlyList<Column<TRow>> columns)
    {
        Columns = columns;
        _byName = columns.ToDictionary(column => column.Name, StringComparer.Ordinal);
    }

    /// <summary>The schema of <typeparamref name="TRow"/>, read once.</summary>
    /// <exception cref="ArgumentException">A property has a type that no column can have, or two share a
    /// name.</exception>
    public static RowSchema<TRow> Instance => Lazily.Value;

    public IReadOnlyList<Column<TRow>> Columns { get; }

    /// <summary>The column with this name, or null.</summary>
    public Column<TRow>? Find(string name) => _byName.GetValueOrDefault(name);

    private static RowSchema<TRow> Read()
    {
        var columns = new List<Column<TRow>>();
        // MetadataToken order is declaration order; GetProperties alone promises none.
        foreach (var property in typeof(TRow).GetProperties().OrderBy(p => p.MetadataToken))
        {
            if (property.GetCustomAttribute<ColumnAttribute>() is not { } attribute)
                continue;
            if (property is not { GetMethod: not null, SetMethod: not null })
                throw new ArgumentException(
                    $"{typeof(TRow).Name}.{property.Name} holds column '{attribute.Name}' and needs a getter and a " +
                    $"setter.");
            if (columns.Any(column => column.Name == attribute.Name))
                throw new ArgumentException(
                    $"{typeof(TRow).Name} has two properties for column '{attribute.Name}'. Remove one.");
            if (attribute.Scale is < 0 or > DecimalScale.Largest)
                throw new ArgumentException(
                    $"{typeof(TRow).Name}.{property.Name} has a scale of {attribute.Scale}. Give it 0 to " +
                    $"{DecimalScale.Largest} digits.");
            columns.Add(Column(property, attribute));
        }
        return columns.Count > 0
            ? new(columns)
            : throw new ArgumentException($"{typeof(TRow).Name} has no property with [Column(\"…\")].");
    }

    private static Column<TRow> Column(PropertyInfo property, ColumnAttribute attribute)
    {
        var nullable = new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable;
        return property.PropertyType switch
        {
            var t when t == typeof(bool) || t == typeof(bool?) => Typed<bool>(ColumnType.Boolean),
            var t when t == typeof(int) || t == typeof(int?) => Typed<int>(ColumnType.Int32),
            var t when t == typeof(long) || t == typeof(long?) => Typed<long>(ColumnType.Int64),
            var t when t == typeof(double) || t == typeof(double?) => Typed<double>(ColumnType.Double),
            var t when t == typeof(decimal) || t == typeof(decimal?) => Typed<decimal>(ColumnType.Decimal),
            var t when t == typeof(DateTime) || t == typeof(DateTime?) => Typed<DateTime>(ColumnType.DateTime),
            var t when t == typeof(string) => Make<string?>(ColumnType.String),
            var t => throw new ArgumentException(
                $"{typeof(TRow).Name}.{property.Name} is {t.Name}; a column can be bool, int, long, double, " +
                $"decimal, DateTime or string, nullable or not."),
        };

        Column<TRow> Typed<T>(ColumnType type) where T : struct =>
            nullable ? Make<T?>(type) : Make<T>(type);

        Column<TRow> Make<T>(ColumnType type) => new Column<TRow, T>(
            attribute.Name, type, nullable,
            property.GetMethod!.CreateDelegate<Func<TRow, T>>(),
            property.SetMethod!.CreateDelegate<Action<TRow, T>>())
        {
            Scale = attribute.Scale,
        };
    }
}
