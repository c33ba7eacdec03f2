using System.Linq.Expressions;
using System.Reflection;
using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Contracts;

/// <summary>Finds the column that a lambda such as <c>t => t.TripDistance</c> names.</summary>
internal static class ColumnName
{
    /// <exception cref="ArgumentException">The lambda names no property of the row, or one that holds no
    /// column.</exception>
    public static Column<TRow> Resolve<TRow>(LambdaExpression lambda)
        where TRow : class, new()
    {
        // A lambda that returns object wraps a number in a conversion.
        var body = lambda.Body is UnaryExpression { NodeType: ExpressionType.Convert, Operand: var boxed }
            ? boxed
            : lambda.Body;
        if (body is not MemberExpression { Member: PropertyInfo property, Expression: ParameterExpression })
            throw new ArgumentException(
                $"{Contract<TRow>.Name} names a column with '{lambda}', which is no property of the row. "
                + "Write a lambda such as t => t.Price.");
        return property.GetCustomAttribute<ColumnAttribute>() is { } attribute
            ? RowSchema<TRow>.Instance.Find(attribute.Name)!
            : throw new ArgumentException(
                $"{Contract<TRow>.Name} names {property.Name}, which holds no column. "
                + "Give the property a [Column(\"…\")].");
    }
}
