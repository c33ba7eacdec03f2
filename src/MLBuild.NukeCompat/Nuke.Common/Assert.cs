#nullable disable
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Nuke.Common;

/// <summary>Ends the running target unless something holds.</summary>
[DebuggerStepThrough]
public static class Assert
{
    public static void Fail(string message, Exception exception = null) => throw new Exception(message, exception);

    public static void True(
        bool condition, string message = null,
        [CallerArgumentExpression(nameof(condition))] string argumentExpression = null)
    {
        if (!condition)
            throw Unmet(message, "Expected true", argumentExpression);
    }

    public static void False(
        bool condition, string message = null,
        [CallerArgumentExpression(nameof(condition))] string argumentExpression = null)
    {
        if (condition)
            throw Unmet(message, "Expected false", argumentExpression);
    }

    public static T NotNull<T>(
        this T obj, string message = null,
        [CallerArgumentExpression(nameof(obj))] string argumentExpression = null)
        where T : class =>
        obj ?? throw Unmet(message, $"Expected a value of type {typeof(T).Name}, found null", argumentExpression);

    public static T? NotNull<T>(
        this T? obj, string message = null,
        [CallerArgumentExpression(nameof(obj))] string argumentExpression = null)
        where T : struct =>
        obj ?? throw Unmet(message, $"Expected a value of type {typeof(T).Name}, found null", argumentExpression);

    public static string NotNullOrEmpty(
        this string str, string message = null,
        [CallerArgumentExpression(nameof(str))] string argumentExpression = null) =>
        string.IsNullOrEmpty(str) ? throw Unmet(message, "Expected a text, found none", argumentExpression) : str;

    public static string NotNullOrWhiteSpace(
        this string str, string message = null,
        [CallerArgumentExpression(nameof(str))] string argumentExpression = null) =>
        string.IsNullOrWhiteSpace(str) ? throw Unmet(message, "Expected a text, found none", argumentExpression) : str;

    public static void NotEmpty<T>(
        IReadOnlyCollection<T> collection, string message = null,
        [CallerArgumentExpression(nameof(collection))] string argumentExpression = null)
    {
        if (collection.NotNull(argumentExpression: argumentExpression).Count == 0)
            throw Unmet(message, "Expected at least one item, found none", argumentExpression);
    }

    public static void Empty<T>(
        IReadOnlyCollection<T> collection, string message = null,
        [CallerArgumentExpression(nameof(collection))] string argumentExpression = null) =>
        Count(collection, 0, message, argumentExpression);

    public static void Count<T>(
        IReadOnlyCollection<T> collection, int length, string message = null,
        [CallerArgumentExpression(nameof(collection))] string argumentExpression = null)
    {
        if (collection.NotNull(argumentExpression: argumentExpression).Count is var count && count != length)
            throw Unmet(message, $"Expected number of items is {length}, found {count}", argumentExpression);
    }

    public static void HasSingleItem<T>(
        IReadOnlyCollection<T> collection, string message = null,
        [CallerArgumentExpression(nameof(collection))] string argumentExpression = null) =>
        Count(collection, 1, message, argumentExpression);

    public static void FileExists(
        string path, string message = null,
        [CallerArgumentExpression(nameof(path))] string argumentExpression = null)
    {
        if (!File.Exists(path))
            throw Unmet(message, $"No file at '{path}'", argumentExpression);
    }

    public static void DirectoryExists(
        string path, string message = null,
        [CallerArgumentExpression(nameof(path))] string argumentExpression = null)
    {
        if (!Directory.Exists(path))
            throw Unmet(message, $"No directory at '{path}'", argumentExpression);
    }

    // With a message of the build's author the expression would only repeat it.
    private static ArgumentException Unmet(string message, string expectation, string expression) =>
        message != null ? new(message) : new($"{expectation}: {expression}");
}
