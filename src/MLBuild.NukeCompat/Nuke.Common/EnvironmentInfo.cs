#nullable disable
using System.Collections.ObjectModel;
using System.Runtime.InteropServices;
using MLBuild.NukeCompat;
using Nuke.Common.IO;

namespace Nuke.Common;

/// <summary>The machine, the process and its environment variables.</summary>
public static class EnvironmentInfo
{
    public static string NewLine => Environment.NewLine;
    public static string MachineName => Environment.MachineName;

    public static AbsolutePath WorkingDirectory
    {
        get => Environment.CurrentDirectory;
        set => Environment.CurrentDirectory = value;
    }

    public static IReadOnlyCollection<string> CommandLineArguments => Invocation.Current.CommandLine.Tokens;

    public static bool IsWin => OperatingSystem.IsWindows();
    public static bool IsOsx => OperatingSystem.IsMacOS();
    public static bool IsLinux => OperatingSystem.IsLinux();
    public static bool IsUnix => !IsWin;
    public static bool IsArm64 => RuntimeInformation.OSArchitecture == Architecture.Arm64;
    public static bool Is64Bit => Environment.Is64BitOperatingSystem;
    public static bool Is32Bit => !Is64Bit;

    public static PlatformFamily Platform =>
        IsWin ? PlatformFamily.Windows :
        IsOsx ? PlatformFamily.OSX :
        IsLinux ? PlatformFamily.Linux : PlatformFamily.Unknown;

    public static ReadOnlyDictionary<string, string> Variables
    {
        get
        {
            var variables = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
                variables[(string)variable.Key] = (string)variable.Value;
            return variables.AsReadOnly();
        }
    }

    public static bool HasVariable(string name, bool allowEmpty = true) =>
        GetVariable(name) is { } value && (allowEmpty || value.Length > 0);

    public static string GetVariable(string name) => Environment.GetEnvironmentVariable(name);

    /// <exception cref="FormatException">The variable is set, but not to a value of that type.</exception>
    public static T GetVariable<T>(string name, char? separator = null)
    {
        if (GetVariable(name) is not { } value)
            return default;
        var values = separator is { } character ? value.Split(character) : [value];
        return ValueConversion.TryConvert(values, typeof(T), out var result)
            ? (T)result
            : throw new FormatException(
                $"Environment variable {name} is '{value}', expected {ValueConversion.Expectation(typeof(T))}.");
    }

    public static void SetVariable(string name, string value) => Environment.SetEnvironmentVariable(name, value);

    public static void SetVariable<T>(string name, T value) =>
        SetVariable(name, Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture));

    public static void RemoveVariable(string name) => SetVariable(name, null);

    /// <summary>Changes the working directory until the result is disposed.</summary>
    public static IDisposable SwitchWorkingDirectory(this AbsolutePath path)
    {
        Assert.DirectoryExists(path);
        var previous = WorkingDirectory;
        WorkingDirectory = path;
        return new Bracket(() => WorkingDirectory = previous);
    }
}

/// <summary>The operating systems that builds tell apart.</summary>
public enum PlatformFamily
{
    Unknown,
    Windows,
    Linux,
    OSX
}
