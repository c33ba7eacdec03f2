#nullable disable
namespace Nuke.Common.IO;

/// <summary>What happens to what is already at the destination. One directory and one file policy together.</summary>
[Flags]
public enum ExistsPolicy
{
    DirectoryFail = 1,
    DirectoryMerge = 2,
    FileFail = 4,
    FileSkip = 8,
    FileOverwrite = 16,
    FileOverwriteIfNewer = 32,
    Fail = DirectoryFail | FileFail,
    MergeAndSkip = DirectoryMerge | FileSkip,
    MergeAndOverwrite = DirectoryMerge | FileOverwrite,
    MergeAndOverwriteIfNewer = DirectoryMerge | FileOverwriteIfNewer
}

/// <summary>Copying, moving and renaming files and directories. Each returns the destination.</summary>
public static partial class AbsolutePathExtensions
{
    private const ExistsPolicy FilePolicies = ExistsPolicy.FileFail | ExistsPolicy.FileSkip
        | ExistsPolicy.FileOverwrite | ExistsPolicy.FileOverwriteIfNewer;

    public static AbsolutePath Rename(
        this AbsolutePath source, string newName, ExistsPolicy policy = ExistsPolicy.Fail) =>
        source.Move(source.Parent / newName, policy);

    public static AbsolutePath Rename(
        this AbsolutePath source, Func<AbsolutePath, string> newName, ExistsPolicy policy = ExistsPolicy.Fail) =>
        source.Rename(newName(source), policy);

    public static AbsolutePath RenameWithoutExtension(
        this AbsolutePath source, string newName, ExistsPolicy policy = ExistsPolicy.Fail) =>
        source.Rename(newName + source.Extension, policy);

    public static AbsolutePath RenameWithoutExtension(
        this AbsolutePath source, Func<AbsolutePath, string> newName, ExistsPolicy policy = ExistsPolicy.Fail) =>
        source.RenameWithoutExtension(newName(source), policy);

    public static AbsolutePath MoveToDirectory(
        this AbsolutePath source, AbsolutePath target, ExistsPolicy policy = ExistsPolicy.Fail,
        bool createDirectories = true) =>
        source.Move(target / source.Name, policy, createDirectories);

    public static AbsolutePath CopyToDirectory(
        this AbsolutePath source, AbsolutePath target, ExistsPolicy policy = ExistsPolicy.Fail,
        Func<AbsolutePath, bool> excludeDirectory = null, Func<AbsolutePath, bool> excludeFile = null,
        bool createDirectories = true) =>
        source.Copy(target / source.Name, policy, excludeDirectory, excludeFile, createDirectories);

    public static AbsolutePath Move(
        this AbsolutePath source, Func<AbsolutePath, AbsolutePath> newPath, ExistsPolicy policy = ExistsPolicy.Fail,
        bool createDirectories = true) =>
        source.Move(newPath(source), policy, createDirectories);

    /// <summary>Moves a file or a directory. Files that the policy skips stay at the source, unless
    /// <paramref name="deleteRemainingFiles"/>.</summary>
    public static AbsolutePath Move(
        this AbsolutePath source, AbsolutePath target, ExistsPolicy policy = ExistsPolicy.Fail,
        bool createDirectories = true, bool deleteRemainingFiles = false)
    {
        Transfer(
            source, target, policy, createDirectories, (from, to) => File.Move(from, to, overwrite: true),
            _ => true, _ => true);
        if (source.DirectoryExists()
            && (deleteRemainingFiles || !Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories).Any()))
            source.DeleteDirectory();
        return target;
    }

    public static AbsolutePath Copy(
        this AbsolutePath source, AbsolutePath target, ExistsPolicy policy = ExistsPolicy.Fail,
        Func<AbsolutePath, bool> excludeDirectory = null, Func<AbsolutePath, bool> excludeFile = null,
        bool createDirectories = true)
    {
        Transfer(
            source, target, policy, createDirectories, (from, to) => File.Copy(from, to, overwrite: true),
            directory => excludeDirectory?.Invoke(directory) != true, file => excludeFile?.Invoke(file) != true);
        return target;
    }

    private static void Transfer(
        AbsolutePath source, AbsolutePath target, ExistsPolicy policy, bool createDirectories,
        Action<string, string> transfer, Func<AbsolutePath, bool> takesDirectory, Func<AbsolutePath, bool> takesFile)
    {
        if (source.FileExists())
        {
            TransferFile(source, target, policy, createDirectories, transfer);
            return;
        }
        Assert.DirectoryExists(source);
        Assert.False(source == target || source.Contains(target), $"'{target}' is inside '{source}', which goes there");
        Assert.True(
            !target.DirectoryExists() || policy.HasFlag(ExistsPolicy.DirectoryMerge),
            $"Directory '{target}' exists already, and the policy {policy} does not merge into it");
        if (createDirectories)
            target.CreateDirectory();
        foreach (var directory in source.GetDirectories().Where(takesDirectory).ToList())
            Transfer(
                directory, target / directory.Name, policy, createDirectories: true, transfer,
                takesDirectory, takesFile);
        foreach (var file in source.GetFiles().Where(takesFile).ToList())
            TransferFile(file, target / file.Name, policy, createDirectories: true, transfer);
    }

    private static void TransferFile(
        AbsolutePath source, AbsolutePath target, ExistsPolicy policy, bool createDirectories,
        Action<string, string> transfer)
    {
        if (target.FileExists() && !MayOverwrite(source, target, policy))
            return;
        if (createDirectories)
            target.Parent.CreateDirectory();
        transfer(source, target);
    }

    private static bool MayOverwrite(AbsolutePath source, AbsolutePath target, ExistsPolicy policy) =>
        (policy & FilePolicies) switch
        {
            ExistsPolicy.FileFail => throw new IOException($"File '{target}' exists, and the policy is {policy}."),
            ExistsPolicy.FileSkip => false,
            ExistsPolicy.FileOverwrite => true,
            ExistsPolicy.FileOverwriteIfNewer => source.GetLastWriteTimeUtc() > target.GetLastWriteTimeUtc(),
            _ => throw new ArgumentException($"The policy {policy} has not one file policy.", nameof(policy))
        };
}
