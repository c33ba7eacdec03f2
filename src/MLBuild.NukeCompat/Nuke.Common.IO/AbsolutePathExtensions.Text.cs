#nullable disable
using System.Text;

namespace Nuke.Common.IO;

/// <summary>Reading and writing whole files, as UTF-8 without mark. Directories of written files are made.</summary>
public static partial class AbsolutePathExtensions
{
    private static readonly Encoding Utf8 =
        new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string ReadAllText(this AbsolutePath path, Encoding encoding = null)
    {
        Assert.FileExists(path);
        return File.ReadAllText(path, encoding ?? Utf8);
    }

    public static string[] ReadAllLines(this AbsolutePath path, Encoding encoding = null)
    {
        Assert.FileExists(path);
        return File.ReadAllLines(path, encoding ?? Utf8);
    }

    public static byte[] ReadAllBytes(this AbsolutePath path)
    {
        Assert.FileExists(path);
        return File.ReadAllBytes(path);
    }

    /// <summary>The text ends with one line break, unless <paramref name="eofLineBreak"/> is false.</summary>
    public static AbsolutePath WriteAllText(
        this AbsolutePath path, string content, Encoding encoding = null, bool? eofLineBreak = null)
    {
        path.Parent.CreateDirectory();
        if (eofLineBreak ?? true)
            content = content.TrimEnd('\r', '\n')
                + (content.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n");
        File.WriteAllText(path, content, encoding ?? Utf8);
        return path;
    }

    public static AbsolutePath WriteAllLines(
        this AbsolutePath path, IEnumerable<string> lines, Encoding encoding = null,
        PlatformFamily? platformFamily = null, bool? eofLineBreak = null) =>
        path.WriteAllLines(lines.ToArray(), encoding, platformFamily, eofLineBreak);

    /// <summary>Lines end as on the given platform; as on this one when none is given.</summary>
    public static AbsolutePath WriteAllLines(
        this AbsolutePath path, string[] lines, Encoding encoding = null,
        PlatformFamily? platformFamily = null, bool? eofLineBreak = null)
    {
        path.Parent.CreateDirectory();
        var lineBreak = (platformFamily ?? EnvironmentInfo.Platform) == PlatformFamily.Windows ? "\r\n" : "\n";
        File.WriteAllText(
            path, string.Join(lineBreak, lines) + (eofLineBreak ?? true ? lineBreak : ""), encoding ?? Utf8);
        return path;
    }

    public static AbsolutePath WriteAllBytes(this AbsolutePath path, byte[] bytes)
    {
        path.Parent.CreateDirectory();
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public static AbsolutePath AppendAllText(this AbsolutePath path, string content, Encoding encoding = null)
    {
        path.Parent.CreateDirectory();
        File.AppendAllText(path, content, encoding ?? Utf8);
        return path;
    }

    public static AbsolutePath AppendAllLines(
        this AbsolutePath path, IEnumerable<string> lines, Encoding encoding = null)
    {
        path.Parent.CreateDirectory();
        File.AppendAllLines(path, lines, encoding ?? Utf8);
        return path;
    }

    public static AbsolutePath AppendAllLines(this AbsolutePath path, string[] lines, Encoding encoding = null) =>
        path.AppendAllLines(lines.AsEnumerable(), encoding);

    public static AbsolutePath UpdateText(
        this AbsolutePath path, Func<string, string> update, Encoding encoding = null) =>
        path.WriteAllText(update(path.ReadAllText(encoding)), encoding);
}
