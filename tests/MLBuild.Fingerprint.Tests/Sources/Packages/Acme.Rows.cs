using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Reflection;
using Acme.Text;

namespace Acme.Rows;

/// <summary>What a column is called in files.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ColumnAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}

/// <summary>Where a column stands in files.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PositionAttribute(int index) : Attribute
{
    public int Index { get; } = index;
}

/// <summary>How long the text of a column may be.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class WidthAttribute : Attribute
{
    public int Most { get; set; }
}

/// <summary>Reads and writes rows of any class by reflection over its properties.</summary>
public static class Table
{
    public static string Write<T>(IEnumerable<T> rows) => string.Join('\n', rows.Select(row =>
        string.Join(',', Columns<T>().Select(column =>
            Convert.ToString(column.GetValue(row), CultureInfo.InvariantCulture)))));

    public static List<T> Read<T>(string text) where T : new() => [.. text.Split('\n').Select(Row<T>)];

    /// <summary>Calls every text method of an object.</summary>
    public static string Describe(object value) => string.Join(' ', value.GetType()
        .GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        .Where(method => method.ReturnType == typeof(string) && method.GetParameters().Length == 0)
        .Select(method => method.Invoke(value, null)));

    private static T Row<T>(string line) where T : new()
    {
        object row = new T();
        foreach (var (column, cell) in Columns<T>().Zip(line.Split(',')))
        {
            column.SetValue(row, column.PropertyType.IsEnum
                ? Enum.Parse(column.PropertyType, Cells.Trim(cell))
                : Convert.ChangeType(Cells.Trim(cell), column.PropertyType, CultureInfo.InvariantCulture));
        }
        return (T)row;
    }

    private static IEnumerable<PropertyInfo> Columns<T>() => typeof(T).GetProperties()
        .Where(property => property.CanWrite)
        .OrderBy(property => property.GetCustomAttribute<PositionAttribute>()?.Index ?? 0);
}
