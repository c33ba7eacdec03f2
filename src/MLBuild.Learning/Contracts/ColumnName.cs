using System.Linq.Expressions;
using System.Reflection;
using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Contracts;

/// <summary>Finds the column that a lambda such as <c>t => t.TripDistance</c> names.</summary>
internal static class ColumnName
{
    /// <param name="subject">What is to blame for a lambda that names none, as "The contract of Trip".</param>
    /// <exception cref="ArgumentException">The lambda names no property of the row, or one that holds no
    /// column.</exception>
    public static Column<TRow> Resolve<TRow>(LambdaExpression lambda, string subject)
        where TRow : class, new()
    {
        // A lambda that returns object wraps a number in a conversion.
        var body = lambda.Body is UnaryExpression { NodeType: ExpressionType.Convert, Operand: var boxed }
            ? boxed
            : lambda.Body;
        if (body is not MemberExpression { Member: PropertyInfo property, Expression: ParameterExpression })
            throw new ArgumentException(
                $"{subject} names a column with '{lambda}', which is no property of the row. "
                + "Write a lambda such as t => t.Price.");
        return property.GetCustomAttribute<ColumnAttribute>() is { } attribute
            ? RowSchema<TRow>.Instance.Find(attribute.Name)!
            : throw new ArgumentException(
                $"{subject} names {property.Name}, which holds no column. "
                + "Give the property a [Column(\"…\")].");
    }

    /// <summary>Of a contract.</summary>
    /// <exception cref="ArgumentException">The lambda names no column.</exception>
    public static Column<TRow> Resolve<TRow>(LambdaExpression lambda)
        where TRow : class, new() => Resolve<TRow>(lambda, Contract<TRow>.Name);

    /// <summary>Of a contract, with the type of its values.</summary>
    /// <exception cref="ArgumentException">The lambda names no column, or converts its values.</exception>
    public static Column<TRow, TValue> Resolve<TRow, TValue>(Expression<Func<TRow, TValue>> lambda)
        where TRow : class, new() => Resolve<TRow>(lambda) switch
        {
            Column<TRow, TValue> column => column,
            var other => throw new ArgumentException(
                $"{Contract<TRow>.Name} takes the values of '{other.Name}' as {TypeName(typeof(TValue))}, "
                + $"but they are {other.Type}{(other.IsNullable ? "?" : "")}. Give values of the property's own type."),
        };

    private static string TypeName(Type type) =>
        Nullable.GetUnderlyingType(type) is { } value ? $"{value.Name}?" : type.Name;
}
